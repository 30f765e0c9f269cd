package dev.livebridge.load;

import io.quarkus.runtime.ImageMode;
import java.util.Properties;

/** System properties that Netty reads in its static initialisers. */
final class NettyProperties {

    private static final String NO_UNSAFE = "io.netty.noUnsafe";

    private NettyProperties() {}

    /** Sets them; before any class of Netty is used. */
    static void set(ImageMode mode) {
        set(mode, System.getProperties());
    }

    /**
     * Without Unsafe on a JVM, whose warning about it would stand above the table of results. A native executable
     * prints no such warning, and parts of Netty are initialised with Unsafe when it is built: the rest without it does
     * not fit them.
     */
    static void set(ImageMode mode, Properties properties) {
        switch (mode) {
            case JVM -> properties.setProperty(NO_UNSAFE, "true");
            case NATIVE_BUILD, NATIVE_RUN -> {}
        }
    }
}
