package dev.livebridge.load;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.quarkus.runtime.ImageMode;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class NettyPropertiesTest {

    private final Properties properties = new Properties();

    @Test
    void nettyDoesWithoutUnsafeOnAJvm() {
        // When
        NettyProperties.set(ImageMode.JVM, properties);

        // Then
        assertEquals(Map.of("io.netty.noUnsafe", "true"), properties);
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "JVM")
    void aNativeExecutableKeepsWhatNettyWasInitialisedWith(ImageMode mode) {
        // When
        NettyProperties.set(mode, properties);

        // Then
        assertEquals(Map.of(), properties);
    }
}
