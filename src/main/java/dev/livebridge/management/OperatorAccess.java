package dev.livebridge.management;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.livebridge.config.LivebridgeConfig;
import dev.livebridge.config.ReloadedFiles;
import dev.livebridge.config.SecretFile;
import dev.livebridge.http.Peers;
import io.quarkus.runtime.configuration.ConfigurationException;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.SocketAddress;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import java.net.InetAddress;
import java.security.MessageDigest;
import java.util.List;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Access check of the operator routes (drain, list of sessions). A request needs the secret of
 * {@code livebridge.management.secret-file} or a client certificate of
 * {@code livebridge.management.operator-certificates}; with neither configured, it must come from this machine and in a
 * form that no web page can send.
 */
@Singleton
final class OperatorAccess implements ReloadedFiles {

    /** A page of another origin can set this header only after a preflight, which is refused. */
    static final String HEADER = "X-Livebridge-Operator";

    private static final Logger LOG = Logger.getLogger(OperatorAccess.class);
    private static final String PROPERTY = "livebridge.management.secret-file";
    private static final int MIN_SECRET_LENGTH = 32;
    private static final String SCHEME = "Bearer ";

    private final @Nullable SecretFile<byte[]> secret;
    private final OperatorCertificates certificates;

    /**
     * Reads the secret, if a file is named.
     *
     * @throws ConfigurationException when the file can't be read or holds no secret of at least 32 printable characters
     */
    OperatorAccess(LivebridgeConfig config, OperatorCertificates certificates) {
        this.certificates = certificates;
        secret = config.management()
                .secretFile()
                .map(file -> SecretFile.open(PROPERTY, file, OperatorAccess::read))
                .orElse(null);
    }

    private static byte[] read(String text) {
        String value = text.strip();
        if (value.length() < MIN_SECRET_LENGTH || value.chars().anyMatch(c -> c <= ' ' || c > '~')) {
            throw new ConfigurationException(PROPERTY + ": the file must hold " + MIN_SECRET_LENGTH
                    + " or more letters, digits and signs; make it with: openssl rand -hex 32");
        }
        return digest(value);
    }

    /**
     * Passes an operator's request on and refuses any other: 401 without the secret, 403 without the certificate or
     * from another machine.
     */
    void check(RoutingContext call) {
        HttpServerRequest request = call.request();
        SecretFile<byte[]> configured = secret;
        boolean proves = certificates.prove(request.connection())
                || (configured != null && hasSecret(request, configured.current()));
        boolean askedForProof = configured != null || certificates.configured();
        boolean allowed = askedForProof ? proves : isLocal(request);
        if (allowed) {
            call.next();
            return;
        }
        LOG.debugf("refused an operator request: %s", request.method());
        call.response().putHeader("Cache-Control", "no-store");
        if (configured == null) {
            Refusal.answer(request, 403);
        } else {
            call.response().putHeader("WWW-Authenticate", "Bearer realm=\"livebridge\"");
            Refusal.answer(request, 401);
        }
    }

    private static boolean hasSecret(HttpServerRequest request, byte[] expected) {
        List<String> credentials = request.headers().getAll(HttpHeaders.AUTHORIZATION);
        String given = credentials.size() == 1 ? credentials.getFirst() : "";
        boolean bearer = given.regionMatches(true, 0, SCHEME, 0, SCHEME.length());
        // Compares digests in constant time: the duration reveals neither length nor content.
        return MessageDigest.isEqual(
                        digest(bearer ? given.substring(SCHEME.length()).strip() : ""), expected)
                && bearer;
    }

    /**
     * Whether the peer is a loopback address, no proxy has forwarded the request, and the request is either from a
     * program that sets {@link #HEADER} or from a browser's address bar.
     */
    private static boolean isLocal(HttpServerRequest request) {
        // The connection's address, because the request's address can come from a header.
        SocketAddress peer = request.connection().remoteAddress();
        boolean loopback = peer != null && peer.hostAddress() != null && isLoopback(peer.hostAddress());
        return loopback && !Peers.isForwarded(request) && ("yes".equals(request.getHeader(HEADER)) || isTyped(request));
    }

    private static boolean isLoopback(String address) {
        try {
            return InetAddress.ofLiteral(address).isLoopbackAddress();
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** Web pages can't set these headers; for a link on a page the first one is {@code cross-site}. */
    private static boolean isTyped(HttpServerRequest request) {
        return HttpMethod.GET.equals(request.method())
                && "none".equals(request.getHeader("Sec-Fetch-Site"))
                && "navigate".equals(request.getHeader("Sec-Fetch-Mode"));
    }

    private static byte[] digest(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8));
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    @Override
    public List<SecretFile<?>> reloadedFiles() {
        return secret == null ? List.of() : List.of(secret);
    }
}
