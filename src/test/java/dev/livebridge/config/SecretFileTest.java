package dev.livebridge.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.quarkus.runtime.configuration.ConfigurationException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SecretFileTest {

    private static final String CANARY = "canary-7d1c";
    private static final String SETTING = "livebridge.some.secret-file";

    @TempDir
    Path directory;

    private final AtomicLong clock = new AtomicLong();
    private final Queue<String> log = new ConcurrentLinkedQueue<>();

    private final Handler listener = new Handler() {
        @Override
        public void publish(LogRecord entry) {
            log.add(entry.getLevel() + " "
                    + new java.util.Formatter().format(String.valueOf(entry.getMessage()), entry.getParameters()));
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    @BeforeEach
    void listen() {
        Logger.getLogger(SecretFile.class.getName()).addHandler(listener);
    }

    @AfterEach
    void nothingIsShown() {
        Logger.getLogger(SecretFile.class.getName()).removeHandler(listener);
        assertFalse(log.stream().anyMatch(line -> line.contains(CANARY)), log::toString);
    }

    private Path file(String text) throws IOException {
        return write(directory.resolve("secret"), text);
    }

    private static Path write(Path file, String text) throws IOException {
        Files.writeString(file, text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        return file;
    }

    private SecretFile<String> open(Path path) {
        return SecretFile.open(SETTING, path, Function.identity(), clock::get);
    }

    private String refusal(Path path) {
        String message = String.valueOf(
                assertThrows(ConfigurationException.class, () -> open(path)).getMessage());
        assertFalse(message.contains(CANARY), message);
        assertTrue(message.startsWith(SETTING + ": the file " + path), message);
        return message;
    }

    private void later() {
        clock.addAndGet(Duration.ofSeconds(1).toNanos());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n", "\r\n", "\n\n"})
    void lineEndsAtTheEndAreNoPartOfIt(String end) throws IOException {
        assertEquals(CANARY, open(file(CANARY + end)).current());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n", "  \n", "\r\n\r\n"})
    void anEmptyFileIsRefused(String text) throws IOException {
        assertTrue(refusal(file(text)).endsWith("is empty."));
    }

    @Test
    void whatCanNotBeReadIsRefused() throws IOException {
        assertTrue(refusal(directory.resolve("missing")).endsWith("does not exist."));
        assertTrue(refusal(directory).endsWith("can't be read."));
        assertTrue(refusal(file(CANARY.repeat(10_000))).endsWith("is larger than 65536 bytes."));
        Path binary = directory.resolve("binary");
        Files.write(binary, new byte[] {'c', (byte) 0xff, (byte) 0xfe});
        assertTrue(refusal(binary).endsWith("is not UTF-8 text."));
    }

    @Test
    void aFileWithoutPermissionIsRefused() throws IOException {
        Path secret = file(CANARY);
        Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("---------"));
        assumeTrue(!Files.isReadable(secret), "root reads everything");

        assertTrue(refusal(secret).endsWith("can't be read."));
    }

    @Test
    void aChangedFileIsReadAgain() throws IOException {
        SecretFile<String> secret = open(file(CANARY + "-1"));
        file(CANARY + "-2");
        assertEquals(CANARY + "-1", secret.current(), "at most once a second");

        later();

        assertEquals(CANARY + "-2", secret.current());
        assertEquals(
                1, log.stream().filter(line -> line.contains("has changed")).count(), log::toString);
    }

    /** As Kubernetes changes a mounted Secret: the name is a link to a directory that is exchanged. */
    @Test
    void anExchangedLinkIsFollowed() throws IOException {
        Path first = Files.createDirectory(directory.resolve("first"));
        Path second = Files.createDirectory(directory.resolve("second"));
        write(first.resolve("key"), CANARY + "-1");
        write(second.resolve("key"), CANARY + "-2");
        Path data = Files.createSymbolicLink(directory.resolve("data"), first);
        Path name = Files.createSymbolicLink(directory.resolve("key"), Path.of("data", "key"));
        SecretFile<String> secret = open(name);

        Files.delete(data);
        Files.createSymbolicLink(data, second);
        later();

        assertEquals(CANARY + "-2", secret.current());
    }

    @Test
    void aLaterFaultIsLoggedOnceAndTheLastGoodValueStays() throws IOException {
        Path path = file(CANARY);
        SecretFile<String> secret = open(path);

        Files.delete(path);
        for (int i = 0; i < 3; i++) {
            later();
            assertEquals(CANARY, secret.current());
            assertFalse(secret.upToDate());
        }
        file("");
        later();
        assertEquals(CANARY, secret.current());
        file(CANARY + "-new");
        later();

        assertTrue(secret.upToDate());
        assertEquals(CANARY + "-new", secret.current());
        List<String> warnings =
                log.stream().filter(line -> line.startsWith("WARN")).toList();
        assertEquals(2, warnings.size(), warnings::toString);
        assertTrue(
                warnings.getFirst().contains("does not exist. The previous content stays in use."), warnings::toString);
    }

    @Test
    void aReaderThatRefusesKeepsTheLastGood() throws IOException {
        SecretFile<Integer> secret = SecretFile.open(
                SETTING,
                file("1"),
                text -> {
                    if (!text.matches("\\d+")) {
                        throw new ConfigurationException("not a number");
                    }
                    return Integer.parseInt(text);
                },
                clock::get);

        assertTrue(secret.upToDate());
        file(CANARY);
        later();
        assertFalse(secret.upToDate(), "without a use of the value in between");
        assertEquals(1, secret.current());

        file("2");
        later();
        assertTrue(secret.upToDate());
        assertEquals(2, secret.current());
    }

    @Test
    void aFileThatEveryUserCanReadIsWarnedAbout() throws IOException {
        Path path = file(CANARY);
        open(path);
        assertEquals(0, log.size(), log::toString);

        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-r--r--"));
        open(path);

        assertEquals(
                1,
                log.stream()
                        .filter(line -> line.contains("every user of this machine"))
                        .count(),
                log::toString);
    }

    @Test
    void isNeverPrinted() throws IOException {
        assertEquals(SETTING, open(file(CANARY)).toString());
    }
}
