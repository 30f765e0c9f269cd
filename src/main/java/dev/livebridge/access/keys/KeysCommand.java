package dev.livebridge.access.keys;

import io.quarkus.runtime.configuration.ConfigurationException;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * {@code keys make|list|revoke}: writes the file of keys. A new key is printed once and stands nowhere else; the file
 * has its hash.
 */
public final class KeysCommand {

    static final String HELP = """
            Makes, lists and revokes API keys of this service.

            usage: keys make   --file FILE --id ID [--subject NAME] [--roles A,B] [--origins URL,URL] [--expires TIME]
                   keys list   --file FILE
                   keys revoke --file FILE --id ID [--hash BEGINNING]

            make prints the new key; it can't be shown again. For an ID that is there it adds a second key, so that the
            first can be exchanged without an outage: make, hand out, then revoke the old one by its hash.
            revoke without --hash takes all keys of the ID.

              --file FILE       the file of livebridge.access.keys-file; make creates it
              --id ID           names the key in logs: lower-case letters, digits and hyphens
              --subject NAME    who calls with it (the ID)
              --roles A,B       what the rules of access go by; the role to ask for tickets is mint
              --origins URL     pages that may use it; without any, no page may, only programs
              --expires TIME    such as 2027-01-31T00:00:00Z (never)
              --hash BEGINNING  of the hash that list shows, at least 8 digits

            exit codes: 0 done, 1 the file can't be read or written, 2 the options make no sense
            """;

    private static final int DONE = 0;
    private static final int FAILED = 1;
    private static final int BAD_USAGE = 2;
    private static final int SHORTEST_HASH = 8;

    private static final Map<String, Set<String>> OPTIONS = Map.of(
            "make", Set.of("file", "id", "subject", "roles", "origins", "expires"),
            "list", Set.of("file"),
            "revoke", Set.of("file", "id", "hash"));

    private final PrintStream out;
    private final PrintStream err;

    /**
     * The command.
     *
     * @param out for keys and lists
     * @param err for errors and hints
     */
    public KeysCommand(PrintStream out, PrintStream err) {
        this.out = out;
        this.err = err;
    }

    /** A mistake of the person who typed. */
    private static final class UsageException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        UsageException(String message) {
            super(message, null, false, false);
        }
    }

    /**
     * Runs it.
     *
     * @return the exit code: 0 done, 1 the file can't be read or written, 2 the options make no sense
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
                throw new UsageException("say make, list or revoke; keys --help explains");
            }
            run(action, options(arguments, allowed));
            return DONE;
        } catch (UsageException wrong) {
            err.println("keys: " + wrong.getMessage());
            return BAD_USAGE;
        } catch (ConfigurationException unreadable) {
            err.println("keys: " + unreadable.getMessage());
            return FAILED;
        } catch (NoSuchFileException missing) {
            err.println("keys: there is no file " + missing.getMessage());
            return FAILED;
        } catch (IOException failed) {
            err.println("keys: the file can't be read or written: " + failed.getMessage());
            return FAILED;
        }
    }

    private static Map<String, String> options(String[] arguments, Set<String> allowed) {
        Map<String, String> given = new LinkedHashMap<>();
        for (int i = 1; i < arguments.length; i++) {
            String argument = arguments[i];
            int equals = argument.indexOf('=');
            String name = argument.substring(Math.min(2, argument.length()), equals < 0 ? argument.length() : equals);
            if (!argument.startsWith("--") || !allowed.contains(name)) {
                throw new UsageException("'" + argument + "' is not an option here; keys --help lists them");
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
            throw new UsageException("--" + name + " is missing; keys --help explains");
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
        ApiKey former = keys.get(id);
        if (former == null) {
            keys.put(id, entry(key, given));
        } else {
            if (given.size() > 2) {
                throw new UsageException("the id " + id + " is there; a second key of it has the same subject, roles,"
                        + " origins and end: leave these options out");
            }
            if (former.hashes().size() == ApiKey.MOST_HASHES) {
                throw new UsageException("the id " + id + " has two keys; revoke one by its --hash first");
            }
            List<String> hashes = new ArrayList<>(former.hashes());
            hashes.add(key.hash());
            keys.put(id, former.with(hashes));
        }
        write(path, new KeyFile(keys));
        out.println(key.whole());
        err.println("keys: this is the only time that the key is shown; its hash begins with "
                + key.hash().substring(0, SHORTEST_HASH));
    }

    /** Read back as from the file, so that both are checked alike. */
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
        } catch (ConfigurationException wrong) {
            String message = String.valueOf(wrong.getMessage());
            throw new UsageException(message.substring(message.indexOf(": ") + 2));
        } catch (java.time.format.DateTimeParseException notATime) {
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
                        hash.substring(0, SHORTEST_HASH),
                        key.subject(),
                        String.join(",", new TreeSet<>(key.roles())),
                        String.join(",", new TreeSet<>(key.origins())),
                        key.expiresAt() == null ? "never" : key.expiresAt());
            }
        }
    }

    private void revoke(Path path, String id, @Nullable String beginning) throws IOException {
        Map<String, ApiKey> keys = new LinkedHashMap<>(read(path).keys());
        ApiKey former = keys.remove(id);
        if (former == null) {
            throw new UsageException("there is no key with the id " + id);
        }
        if (beginning != null) {
            if (beginning.length() < SHORTEST_HASH) {
                throw new UsageException("--hash needs at least " + SHORTEST_HASH + " digits of what list shows");
            }
            List<String> left = former.hashes().stream()
                    .filter(hash -> !hash.startsWith(beginning))
                    .toList();
            if (left.size() == former.hashes().size()) {
                throw new UsageException("no key of " + id + " has a hash that begins like this");
            }
            if (!left.isEmpty()) {
                keys.put(id, former.with(left));
            }
        }
        write(path, new KeyFile(keys));
        err.println("keys: revoked; a service that reads this file refuses it within a second");
    }

    private static KeyFile read(Path path) throws IOException {
        return KeyFile.parse(Files.readString(path));
    }

    /** A reader sees the old file or the new one, never half of it. */
    private static void write(Path path, KeyFile file) throws IOException {
        Path directory = path.toAbsolutePath().getParent();
        if (directory == null || !Files.isDirectory(directory)) {
            throw new IOException("it is in no directory that exists");
        }
        Path next = Files.createTempFile(directory, ".keys", ".tmp");
        try {
            Files.writeString(next, file.text());
            try {
                Files.move(next, path, StandardCopyOption.ATOMIC_MOVE);
            } catch (AtomicMoveNotSupportedException otherwise) {
                Files.move(next, path, StandardCopyOption.REPLACE_EXISTING);
            }
        } finally {
            Files.deleteIfExists(next);
        }
    }
}
