package dev.livebridge.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.livebridge.access.keys.ApiKey;
import dev.livebridge.access.keys.ApiKeys;
import dev.livebridge.access.keys.KeysCommand;
import dev.livebridge.access.request.Issuer;
import io.quarkus.oidc.OidcTenantConfig;
import io.quarkus.oidc.runtime.OidcProvider;
import io.quarkus.oidc.runtime.TokenVerificationResult;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jose4j.jwt.NumericDate;
import org.jose4j.jwt.consumer.InvalidJwtException;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** The time that an upgrade spends on its credential: a JWT with a static key (RS256, 2048 bits), and an API key. */
@State(Scope.Thread)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
@SuppressWarnings("NullAway.Init") // JMH calls create() first
public class AccessBenchmark {

    private static final int KEYS = 100;

    private OidcProvider provider;
    private String jwt;
    private Path file;
    private ApiKeys keys;
    private String key;

    /** Creates the token, and a file with {@value #KEYS} keys. */
    @Setup
    public void create() throws IOException {
        Issuer issuer = Issuer.create("one");
        jwt = issuer.token("alice", claims -> claims.setExpirationTime(NumericDate.fromSeconds(4_000_000_000L)));
        provider = new OidcProvider(
                issuer.publicKeyText(),
                OidcTenantConfig.builder()
                        .publicKey(issuer.publicKeyText())
                        .token()
                        .issuer(Issuer.NAME)
                        .audience(Issuer.AUDIENCE)
                        .end()
                        .build());
        file = Files.createTempDirectory("bench").resolve("keys");
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream hints = new ByteArrayOutputStream();
        KeysCommand command = new KeysCommand(new PrintStream(out, true, UTF_8), new PrintStream(hints, true, UTF_8));
        for (int i = 0; i < KEYS; i++) {
            out.reset();
            if (command.run("make", "--file", file.toString(), "--id", "key-" + i) != 0) {
                throw new IllegalStateException(hints.toString(UTF_8));
            }
        }
        key = out.toString(UTF_8).strip();
        keys = new ApiKeys(file);
    }

    /** Deletes the file. */
    @TearDown
    public void delete() throws IOException {
        Files.delete(file);
        Files.delete(file.getParent());
    }

    /** Checks signature, issuer, audience and times. */
    @Benchmark
    public TokenVerificationResult verifyJwt() throws InvalidJwtException {
        return provider.verifyJwtToken(jwt, true, true, null);
    }

    /** Parses the key, hashes it, and compares the hash with that of its entry. */
    @Benchmark
    public ApiKey findApiKey() {
        Optional<ApiKey> found = keys.find(key);
        return found.orElseThrow();
    }
}
