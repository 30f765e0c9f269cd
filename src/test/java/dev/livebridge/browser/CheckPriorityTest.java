package dev.livebridge.browser;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.quarkus.websockets.next.HttpUpgradeCheck;
import jakarta.annotation.Priority;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Checks that count or reserve run after the checks that only look. */
class CheckPriorityTest {

    private static Stream<Class<?>> checks() {
        return new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests()).importPackages("dev.livebridge").stream()
                        .filter(type -> type.isAssignableTo(HttpUpgradeCheck.class))
                        .map(JavaClass::reflect);
    }

    private static int priority(Class<?> check) {
        return Objects.requireNonNull(check.getAnnotation(Priority.class), () -> check + " has no @Priority")
                .value();
    }

    @Test
    void eachCheckHasAPriorityAndTheOnesThatCountComeLast() {
        assertEquals(
                List.of(
                        GeminiPathCheck.class,
                        UpgradeChecks.class,
                        AccessCheck.class,
                        LimitCheck.class,
                        CapacityCheck.class),
                checks().sorted(Comparator.<Class<?>>comparingInt(CheckPriorityTest::priority)
                                .reversed())
                        .toList());
    }
}
