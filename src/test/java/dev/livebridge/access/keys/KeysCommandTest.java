package dev.livebridge.access.keys;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.livebridge.config.SecretFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KeysCommandTest {

    @TempDir
    Path directory;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private Path file() {
        return directory.resolve("access-keys");
    }

    private int run(String... arguments) {
        out.reset();
        err.reset();
        return new KeysCommand(
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        new PrintStream(err, true, StandardCharsets.UTF_8))
                .run(arguments);
    }

    private String make(String... more) {
        String[] all = Stream.concat(Stream.of("make", "--file", file().toString()), Stream.of(more))
                .toArray(String[]::new);
        assertEquals(0, run(all), err::toString);
        return out.toString(StandardCharsets.UTF_8).strip();
    }

    @Test
    void aNewKeyIsPrintedOnceAndTheFileHasItsHashOnly() throws IOException {
        String key = make(
                "--id",
                "shop",
                "--subject",
                "shop-backend",
                "--roles",
                "talk, mint",
                "--expires",
                "2027-01-31T00:00:00Z",
                "--origins",
                "https://app.example");

        assertTrue(key.matches("lb_shop_[A-Za-z0-9_-]{43}"), key);
        String text = Files.readString(file());
        assertFalse(text.contains(key.substring("lb_shop_".length())), text);
        assertFalse(err.toString(StandardCharsets.UTF_8).contains(key));
        ApiKey entry = new ApiKeys(file()).find(key).orElseThrow();
        assertEquals("shop-backend", entry.subject());
        assertEquals(Set.of("talk", "mint"), entry.roles());
        assertEquals(Set.of("https://app.example:443"), entry.origins());
        assertEquals(Instant.parse("2027-01-31T00:00:00Z"), entry.expiresAt());
    }

    @Test
    void aSecondKeyOfAnIdAllowsARotationWithoutAnOutage() throws IOException {
        String first = make("--id", "shop", "--roles", "talk");
        String second = make("--id", "shop");

        ApiKeys both = new ApiKeys(file());
        assertTrue(both.find(first).isPresent());
        assertEquals(Set.of("talk"), both.find(second).orElseThrow().roles());
        assertEquals(2, run("make", "--file", file().toString(), "--id", "shop"), "a third is refused");

        String hash = ApiKeyText.parse(first).orElseThrow().hash();
        assertEquals(0, run("revoke", "--file", file().toString(), "--id", "shop", "--hash", hash.substring(0, 8)));
        ApiKeys left = new ApiKeys(file());
        assertTrue(left.find(first).isEmpty());
        assertTrue(left.find(second).isPresent());
    }

    @Test
    void theListShowsEntriesAndNoKeys() {
        String key = make("--id", "shop", "--roles", "talk");
        make("--id", "app");

        assertEquals(0, run("list", "--file", file().toString()));

        String list = out.toString(StandardCharsets.UTF_8);
        assertEquals(2, list.lines().count(), list);
        assertTrue(list.contains("shop") && list.contains("roles=talk") && list.contains("app"), list);
        assertFalse(list.contains(key.substring("lb_shop_".length())), list);
    }

    @Test
    void revokingAnIdRevokesAllItsKeys() throws IOException {
        String first = make("--id", "shop");
        String second = make("--id", "shop");

        assertEquals(0, run("revoke", "--file", file().toString(), "--id", "shop"));

        ApiKeys left = new ApiKeys(file());
        assertTrue(left.find(first).isEmpty());
        assertTrue(left.find(second).isEmpty());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "2 | `` | the first argument must be make, list or revoke",
                "2 | steal | the first argument must be make, list or revoke",
                "2 | make --id shop | --file is missing",
                "2 | make --file F | --id is missing",
                "2 | make --file F --id Shop_1 | --id must be 1 to 40 lower-case letters",
                "2 | make --file F --id shop --hash 1 | --hash",
                "2 | make --file F --id shop --id other | --id is given twice",
                "2 | make --file F --id | --id needs a value",
                "2 | make --file F =x | '=x' is not an option of this command",
                "2 | make --file F -=x | '-=x' is not an option of this command",
                "2 | make --file F -- | '--' is not an option of this command",
                "2 | make --file F --id shop --expires tomorrow | --expires must be a time",
                "2 | make --file F --id shop --origins app.example | an origin of key shop must be",
                "2 | make --file F --id shop --subject a\u00e4 | the subject of key shop must be",
                "1 | list --file F | does not exist",
                "1 | revoke --file F --id shop | does not exist",
                "1 | make --file F/none/keys --id shop | the file can't be read or written",
            })
    void wrongOptionsAreNamed(int status, String line, String sentence) {
        String[] arguments = line.isEmpty()
                ? new String[0]
                : Stream.of(line.split(" ", -1))
                        .map(word -> word.startsWith("F") ? word.replaceFirst("F", file().toString()) : word)
                        .toArray(String[]::new);

        assertEquals(status, run(arguments));

        assertTrue(err.toString(StandardCharsets.UTF_8).contains(sentence), err::toString);
        assertEquals(0, out.size());
        assertFalse(Files.exists(file()));
    }

    @Test
    void aShortOrUnknownHashRevokesNothing() throws IOException {
        String key = make("--id", "shop");

        assertEquals(2, run("revoke", "--file", file().toString(), "--id", "shop", "--hash", "0"));
        assertEquals(2, run("revoke", "--file", file().toString(), "--id", "shop", "--hash", "zzzzzzzz"));
        assertEquals(2, run("revoke", "--file", file().toString(), "--id", "other"));

        assertTrue(new ApiKeys(file()).find(key).isPresent());
        assertEquals(
                List.of("shop"),
                List.copyOf(KeyFile.parse(Files.readString(file())).keys().keySet()));
    }

    @Test
    void aChangedFileKeepsItsPermissions() throws IOException {
        make("--id", "shop");
        Set<PosixFilePermission> permissions = PosixFilePermissions.fromString("rw-r-----");
        Files.setPosixFilePermissions(file(), permissions);

        make("--id", "app");
        assertEquals(permissions, Files.getPosixFilePermissions(file()));

        assertEquals(0, run("revoke", "--file", file().toString(), "--id", "shop"));
        assertEquals(permissions, Files.getPosixFilePermissions(file()));
    }

    @Test
    void aNewFileIsReadableForItsOwnerOnly() throws IOException {
        make("--id", "shop");

        assertEquals(PosixFilePermissions.fromString("rw-------"), Files.getPosixFilePermissions(file()));
    }

    @Test
    void aSymbolicLinkToTheFileStays() throws IOException {
        make("--id", "shop");
        Path link = Files.createSymbolicLink(directory.resolve("link"), file());

        assertEquals(0, run("make", "--file", link.toString(), "--id", "app"), err::toString);

        assertTrue(Files.isSymbolicLink(link));
        assertEquals(
                Set.of("shop", "app"),
                KeyFile.parse(Files.readString(file())).keys().keySet());
    }

    @Test
    void aFileThatTheServiceWouldRefuseIsNotWritten() throws IOException {
        Map<String, ApiKey> keys = new LinkedHashMap<>();
        for (int i = 0; i < 600; i++) {
            keys.put("k" + i, new ApiKey("k" + i, "k" + i, Set.of(), List.of("0".repeat(64)), Set.of(), null));
        }
        String full = new KeyFile(keys).text();
        assertTrue(full.length() > SecretFile.MAX_BYTES, () -> full.length() + " bytes");
        Files.writeString(file(), full);

        assertEquals(1, run("make", "--file", file().toString(), "--id", "shop"));

        assertTrue(err.toString(StandardCharsets.UTF_8).contains("larger than 65536 bytes"), err::toString);
        assertEquals(0, out.size());
        assertEquals(full, Files.readString(file()));
    }

    @Test
    void helpNamesEveryOption() {
        assertEquals(0, run("--help"));

        String help = out.toString(StandardCharsets.UTF_8);
        for (String option : List.of("file", "id", "subject", "roles", "origins", "expires", "hash")) {
            assertTrue(help.contains("--" + option), option);
        }
    }
}
