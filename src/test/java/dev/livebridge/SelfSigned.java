package dev.livebridge;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * A key with a self-signed certificate for {@code gemini.test}, {@code localhost} and an IP address, created by the
 * JDK's keytool.
 *
 * @param keyStore PKCS 12, with the key
 * @param trustStore PKCS 12, with the certificate only
 * @param certificate PEM
 * @param privateKey PEM, PKCS 8
 */
public record SelfSigned(Path keyStore, Path trustStore, Path certificate, Path privateKey) {

    /** Of both stores. */
    public static final String PASSWORD = "changeit";

    /** Makes them in a directory. */
    public static SelfSigned create(Path directory, String name) throws IOException, InterruptedException {
        return create(directory, name, "127.0.0.1");
    }

    /** As above, for another address. */
    public static SelfSigned create(Path directory, String name, String address)
            throws IOException, InterruptedException {
        SelfSigned made = new SelfSigned(
                directory.resolve(name + ".p12"),
                directory.resolve(name + "-trust.p12"),
                directory.resolve(name + ".pem"),
                directory.resolve(name + "-key.pem"));
        keytool(
                made.keyStore,
                "-genkeypair -keyalg EC -validity 2 -dname CN=" + name + " -ext san=dns:gemini.test,dns:localhost,ip:"
                        + address + " -ext bc=ca:true",
                name);
        keytool(made.keyStore, "-exportcert -rfc -file " + made.certificate, name);
        keytool(made.trustStore, "-importcert -noprompt -file " + made.certificate, name);
        Files.writeString(made.privateKey, pemOfKey(made.keyStore, name));
        return made;
    }

    private static String pemOfKey(Path store, String alias) throws IOException {
        try {
            KeyStore keys = KeyStore.getInstance(store.toFile(), PASSWORD.toCharArray());
            byte[] encoded = keys.getKey(alias, PASSWORD.toCharArray()).getEncoded();
            return "-----BEGIN %1$s-----%n%2$s%n-----END %1$s-----%n"
                    .formatted(
                            "PRIVATE KEY",
                            Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(encoded));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the key can't be read back", e);
        }
    }

    private static void keytool(Path store, String arguments, String alias) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString()));
        command.addAll(List.of(arguments.split(" ", -1)));
        command.addAll(List.of(
                "-alias", alias, "-storetype", "PKCS12", "-keystore", store.toString(), "-storepass", PASSWORD));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IllegalStateException(output);
        }
    }
}
