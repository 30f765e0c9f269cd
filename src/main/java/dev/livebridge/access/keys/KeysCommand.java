package dev.livebridge.access.keys;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.livebridge.config.SecretFile;
import io.quarkus.runtime.configuration.ConfigurationException;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** {@code keys make|list|revoke}: writes the key file. A new key is printed once; the file contains its hash only. */
public final class KeysCommand {

    static final String HELP = """
            Makes, lists and revokes API keys of this service.

            usage: keys make   --file FILE --id ID [--subject NAME] [--roles A,B] [--origins URL,URL] [--expires TIME]
                   keys list   --file FILE
                   keys revoke --file FILE --id ID [--hash BEGINNING]

            make prints the new key; it can't be shown again. For an existing ID it adds a second key, to rotate keys
            without an outage: make the new key, distribute it, revoke the old key by its hash.
            revoke without --hash revokes all keys of the ID and ends their conversations.

              --file FILE       the file of livebridge.access.keys-file; make creates it
              --id ID           name of the key in logs: lower-case letters, digits and hyphens
              --subject NAME    name of the caller (the ID)
              --roles A,B       roles of the caller, for the access rules; the role mint allows to request tickets
              --origins URL     pages that may use the key (none: programs only)
              --expires TIME    end of the key, such as 2027-01-31T00:00:00Z (never)
              --hash BEGINNING  of the hash that list shows, at least 8 digits

            exit codes: 0 success, 1 the file can't be read or written, 2 invalid options
            """;

    private static final int DONE = 0;
    private static final int FAILED = 1;
    private static final int BAD_USAGE = 2;
    private static final int MIN_HASH_DIGITS = 8;

    private static final Map<String, Set<String>> OPTIONS = Map.of(
            "make", Set.of("file", "id", "subject", "roles", "origins", "expires"),
            "list", Set.of("file"),
            "revoke", Set.of("file", "id", "hash"));

    private final PrintStream out;
    private final PrintStream err;

    /**
     * Creates the command.
     *
     * @param out for keys and lists
     * @param err for errors and hints
     */
    public KeysCommand(PrintStream out, PrintStream err) {
        this.out = out;
        this.err = err;
    }

    /** Invalid options. */
    private static final class UsageException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        UsageException(String message) {
            super(message, null, false, false);
        }
    }

    /**
     * Runs the command.
     *
     * @return the exit code: 0 success, 1 the file can't be read or written, 2 invalid options
     */
    public int run(String... arguments) {
        if (List.of(arguments).contains("--help")) {
            out.print(HELP);
            return DONE;
        }
        try {
            String action = arguments.length == 0 ? "" : arguments[0];
            Set<String> allowed = OPTIONS.get(action);
            if (allowed == null) {
                throw new UsageException("the first argument must be make, list or revoke; see keys --help");
            }
            run(action, options(arguments, allowed));
            return DONE;
        } catch (UsageException e) {
            err.println("keys: " + e.getMessage());
            return BAD_USAGE;
        } catch (ConfigurationException e) {
            err.println("keys: " + e.getMessage());
            return FAILED;
        } catch (NoSuchFileException e) {
            err.println("keys: the file " + e.getMessage() + " does not exist");
            return FAILED;
        } catch (IOException e) {
            err.println("keys: the file can't be read or written: " + e.getMessage());
            return FAILED;
        }
    }

    private static Map<String, String> options(String[] arguments, Set<String> allowed) {
        Map<String, String> given = new LinkedHashMap<>();
        for (int i = 1; i < arguments.length; i++) {
            String argument = arguments[i];
            int equals = argument.indexOf('=');
            String option = equals < 0 ? argument : argument.substring(0, equals);
            String name = option.startsWith("--") ? option.substring(2) : "";
            if (!allowed.contains(name)) {
                throw new UsageException("'" + argument + "' is not an option of this command; see keys --help");
            }
            if (equals < 0 && i + 1 == arguments.length) {
                throw new UsageException("--" + name + " needs a value");
            }
            if (given.put(name, equals < 0 ? arguments[++i] : argument.substring(equals + 1)) != null) {
                throw new UsageException("--" + name + " is given twice");
            }
        }
        return given;
    }

    private void run(String action, Map<String, String> given) throws IOException {
        Path path = Path.of(required(given, "file"));
        switch (action) {
            case "make" -> make(path, given);
            case "list" -> list(path);
            case "revoke" -> revoke(path, required(given, "id"), given.get("hash"));
            default -> throw new IllegalStateException(action);
        }
    }

    private static String required(Map<String, String> given, String name) {
        String value = given.get(name);
        if (value == null || value.isBlank()) {
            throw new UsageException("--" + name + " is missing; see keys --help");
        }
        return value;
    }

    private void make(Path path, Map<String, String> given) throws IOException {
        String id = required(given, "id");
        if (!ApiKeyText.ID.matcher(id).matches()) {
            throw new UsageException("--id must be 1 to 40 lower-case letters, digits or hyphens");
        }
        Map<String, ApiKey> keys =
                new LinkedHashMap<>(Files.exists(path) ? read(path).keys() : Map.of());
        ApiKeyText key = ApiKeyText.generate(id, new SecureRandom());
        ApiKey existing = keys.get(id);
        if (existing == null) {
            keys.put(id, entry(key, given));
        } else {
            if (given.size() > 2) {
                throw new UsageException("the id " + id + " exists; its second key has the same subject, roles,"
                        + " origins and end: omit these options");
            }
            if (existing.hashes().size() == ApiKey.MAX_HASHES) {
                throw new UsageException("the id " + id + " has two keys; revoke one with --hash first");
            }
            List<String> hashes = new ArrayList<>(existing.hashes());
            hashes.add(key.hash());
            keys.put(id, existing.with(hashes));
        }
        KeyFile file = new KeyFile(keys);
        if (file.text().getBytes(UTF_8).length > SecretFile.MAX_BYTES) {
            throw new ConfigurationException("with one more key the file would be larger than " + SecretFile.MAX_BYTES
                    + " bytes, which the service refuses; revoke keys that are not used first");
        }
        write(path, file);
        out.println(key.whole());
        err.println("keys: the key is shown only once; its hash begins with "
                + key.hash().substring(0, MIN_HASH_DIGITS));
    }

    /** The entry of a new key. It is parsed like the file, so that the same checks apply. */
    private static ApiKey entry(ApiKeyText key, Map<String, String> given) {
        try {
            ApiKey entry = new ApiKey(
                    key.id(),
                    given.getOrDefault("subject", key.id()),
                    Set.copyOf(split(given.get("roles"))),
                    List.of(key.hash()),
                    Set.copyOf(split(given.get("origins"))),
                    given.get("expires") == null ? null : Instant.parse(given.get("expires")));
            return Objects.requireNonNull(KeyFile.parse(new KeyFile(Map.of(key.id(), entry)).text())
                    .keys()
                    .get(key.id()));
        } catch (ConfigurationException e) {
            String message = String.valueOf(e.getMessage());
            throw new UsageException(message.substring(message.indexOf(": ") + 2));
        } catch (DateTimeParseException _) {
            throw new UsageException("--expires must be a time such as 2027-01-31T00:00:00Z");
        }
    }

    private static List<String> split(@Nullable String list) {
        return list == null || list.isBlank()
                ? List.of()
                : new ArrayList<>(new TreeSet<>(List.of(list.strip().split("\\s*,\\s*"))));
    }

    private void list(Path path) throws IOException {
        for (ApiKey key : read(path).keys().values()) {
            for (String hash : key.hashes()) {
                out.printf(
                        "%-20s %s  subject=%s roles=%s origins=%s expires=%s%n",
                        key.id(),
                        hash.substring(0, MIN_HASH_DIGITS),
                        key.subject(),
                        String.join(",", new TreeSet<>(key.roles())),
                        String.join(",", new TreeSet<>(key.origins())),
                        key.expiresAt() == null ? "never" : key.expiresAt());
            }
        }
    }

    private void revoke(Path path, String id, @Nullable String beginning) throws IOException {
        Map<String, ApiKey> keys = new LinkedHashMap<>(read(path).keys());
        ApiKey existing = keys.remove(id);
        if (existing == null) {
            throw new UsageException("the id " + id + " does not exist");
        }
        if (beginning != null) {
            if (beginning.length() < MIN_HASH_DIGITS) {
                throw new UsageException(
                        "--hash needs at least " + MIN_HASH_DIGITS + " digits of the hash that list shows");
            }
            List<String> remaining = existing.hashes().stream()
                    .filter(hash -> !hash.startsWith(beginning))
                    .toList();
            if (remaining.size() == existing.hashes().size()) {
                throw new UsageException("no key of the id " + id + " has a hash with this beginning");
            }
            if (!remaining.isEmpty()) {
                keys.put(id, existing.with(remaining));
            }
        }
        write(path, new KeyFile(keys));
        err.println("keys: revoked; services that read this file refuse the key within a second");
    }

    private static KeyFile read(Path path) throws IOException {
        return KeyFile.parse(Files.readString(path));
    }

    /** Replaces the file atomically, so that a service never reads a part of it. */
    private void write(Path path, KeyFile file) throws IOException {
        boolean exists = Files.exists(path);
        // A symbolic link stays; the file that it refers to is replaced.
        Path target = exists ? path.toRealPath() : path.toAbsolutePath();
        Path directory = target.getParent();
        if (directory == null || !Files.isDirectory(directory)) {
            throw new IOException("its directory does not exist");
        }
        Path next = Files.createTempFile(directory, ".keys", ".tmp");
        try {
            Files.writeString(next, file.text());
            if (exists) {
                copyAttributes(target, next);
            }
            try {
                Files.move(next, target, StandardCopyOption.ATOMIC_MOVE);
            } catch (AtomicMoveNotSupportedException _) {
                // Not all file systems can replace a file atomically.
                Files.move(next, target, StandardCopyOption.REPLACE_EXISTING);
            }
        } finally {
            Files.deleteIfExists(next);
        }
    }

    /** Keeps permissions, group and owner. A service that can't read the new file would keep using the old keys. */
    private void copyAttributes(Path from, Path to) throws IOException {
        PosixFileAttributes existing;
        try {
            existing = Files.readAttributes(from, PosixFileAttributes.class);
        } catch (UnsupportedOperationException _) {
            // This file system has no POSIX permissions.
            return;
        }
        PosixFileAttributeView view =
                Objects.requireNonNull(Files.getFileAttributeView(to, PosixFileAttributeView.class));
        try {
            view.setGroup(existing.group());
            view.setOwner(existing.owner());
        } catch (IOException _) {
            // Only root can give a file to another user.
            err.println("keys: the file has another owner or group now; check that the service can read it");
        }
        view.setPermissions(existing.permissions());
    }
}
