package dev.livebridge.config;

import java.util.List;

/** A bean with files that the service reads again when they change; a gauge of each shows whether that succeeded. */
public interface ReloadedFiles {

    /** The configured files; empty when none is. */
    List<SecretFile<?>> reloadedFiles();
}
