package dev.livebridge.session.account;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.runtime.configuration.ConfigurationException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MemoryBoundTest {

    private static final long MEBIBYTE = 1024 * 1024;

    /** What a talking session keeps at least: its setup twice, a transcript, half a second of sound. */
    private static final long SESSION_AT_LEAST = 64 * 1024;

    @ParameterizedTest
    @CsvSource({"256, 96, 72", "256, 256, 96", "1024, 1024, 384", "64, 64, 24", "2, 2, 1"})
    void theSmallerShareCounts(long heap, long direct, long bound) {
        assertEquals(bound * MEBIBYTE, MemoryBound.derived(heap * MEBIBYTE, direct * MEBIBYTE));
    }

    @Test
    void aHeapOfUnknownSizeHasABoundAllTheSame() {
        assertEquals(64 * MEBIBYTE, MemoryBound.derived(Long.MAX_VALUE, Long.MAX_VALUE));
        assertEquals(
                "64 MiB (heap of unknown size, direct memory of unknown size)",
                MemoryBound.of(Optional.empty(), Long.MAX_VALUE, Long.MAX_VALUE).described());
    }

    @Test
    void theOperatorsFigureWins() {
        MemoryBound bound = MemoryBound.of(Optional.of(100 * MEBIBYTE), 256 * MEBIBYTE, 96 * MEBIBYTE);

        assertEquals(100 * MEBIBYTE, bound.bytes());
        assertEquals("100 MiB (heap 256 MiB, direct memory 96 MiB)", bound.described());
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, 0, 1_000_000, 300 * MEBIBYTE})
    void aFigureThatCannotBeRightStopsTheStart(long configured) {
        ConfigurationException refused = assertThrows(
                ConfigurationException.class,
                () -> MemoryBound.of(Optional.of(configured), 256 * MEBIBYTE, 96 * MEBIBYTE));

        assertTrue(
                String.valueOf(refused.getMessage()).contains("livebridge.session.memory-per-instance"),
                refused.getMessage());
        assertTrue(String.valueOf(refused.getMessage()).contains(Long.toString(configured)), refused.getMessage());
    }

    // ---- the runtime's flag ----------------------------------------------------------------------------------

    @ParameterizedTest
    @CsvSource({
        "'', 1000",
        "'-Xmx256m -Dx=-XX:MaxDirectMemorySize=5m', 1000",
        "'-XX:MaxDirectMemorySize=96m', 100663296",
        "'-XX:MaxDirectMemorySize=1G', 1073741824",
        "'-XX:MaxDirectMemorySize=64k', 65536",
        "'-XX:MaxDirectMemorySize=4096', 4096",
        "'-XX:MaxDirectMemorySize=5m -XX:MaxDirectMemorySize=96m', 100663296",
        "'-XX:MaxDirectMemorySize=0', 1000",
        "'-XX:MaxDirectMemorySize=much', 1000",
        "'-XX:MaxDirectMemorySize=99999999999999999999', 1000"
    })
    void theFlagTellsTheLimitOfDirectMemory(String arguments, long limit) {
        assertEquals(limit, DirectMemory.limit(1_000, () -> List.of(arguments.split(" "))));
    }

    /** A native executable may not tell its arguments. */
    @Test
    void aRuntimeThatTellsNothingHasTheLimitOfItsHeap() {
        assertEquals(1_000, DirectMemory.limit(1_000, () -> {
            throw new UnsupportedOperationException("no arguments");
        }));
        assertEquals(1_000, DirectMemory.limit(1_000, () -> {
            throw new NoClassDefFoundError("java/lang/management/ManagementFactory");
        }));
    }

    @Test
    void thisProcessHasALimit() {
        assertTrue(DirectMemory.limit(Runtime.getRuntime().maxMemory()) > 0);
    }

    // ---- what is deployed ------------------------------------------------------------------------------------

    @Test
    void theDeploymentAndTheCodeAgree() throws IOException {
        String flags = Files.readString(Path.of("src/main/docker/train.sh"));
        String deployment = Files.readString(Path.of("deploy/base/deployment.yaml"));
        String settings = Files.readString(Path.of("deploy/base/config.env"));
        long limit = number("limits:\\s+memory: (\\d+)Mi", deployment) * MEBIBYTE;
        long heap = limit * number("-XX:MaxRAMPercentage=(\\d+)", flags) / 100;
        long direct = DirectMemory.limit(heap, () -> Arrays.asList(flags.split("\\s+")));

        long bound = MemoryBound.derived(heap, direct);

        assertEquals(256 * MEBIBYTE, heap);
        assertEquals(96 * MEBIBYTE, direct);
        assertEquals(72 * MEBIBYTE, bound);
        assertTrue(heap + direct + 96 * MEBIBYTE <= limit, "code, stacks and metaspace need 96 MiB");
        assertFalse(settings.contains("MEMORY_PER_INSTANCE"), "the derived bound is the right one");
        assertFalse(settings.contains("_PER_POD"), "a former setting stops the start");
        long seats = number("LIVEBRIDGE_SESSION_MAX_PER_INSTANCE=(\\d+)", settings);
        assertTrue(seats * SESSION_AT_LEAST <= bound, seats + " seats");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Dockerfile.native", "Dockerfile.native-micro"})
    void theNativeImagesGiveTheHeapTheSameShare(String name) throws IOException {
        String dockerfile = Files.readString(Path.of("src/main/docker").resolve(name));
        String flags = Files.readString(Path.of("src/main/docker/train.sh"));

        assertEquals(
                number("-XX:MaxRAMPercentage=(\\d+)", flags), number("-XX:MaximumHeapSizePercent=(\\d+)", dockerfile));
    }

    private static long number(String pattern, String text) {
        Matcher found = Pattern.compile(pattern).matcher(text);
        assertTrue(found.find(), pattern);
        return Long.parseLong(found.group(1));
    }
}
