package dev.livebridge.telemetry;

import java.lang.management.ManagementFactory;
import java.lang.management.PlatformManagedObject;
import java.util.Optional;

/** The management beans that this runtime has. A native executable has fewer than a JVM. */
final class PlatformBeans {

    private PlatformBeans() {}

    /** Empty where the runtime does not know the interface, or has no bean for it. */
    static <T extends PlatformManagedObject> Optional<T> find(Class<T> type) {
        try {
            return Optional.ofNullable(ManagementFactory.getPlatformMXBean(type));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
