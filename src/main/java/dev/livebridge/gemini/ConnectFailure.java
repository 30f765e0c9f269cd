package dev.livebridge.gemini;

import dev.livebridge.gemini.OutboundProxy.Proxy;
import dev.livebridge.session.upstream.RetryClass;
import io.netty.channel.ConnectTimeoutException;
import io.netty.handler.codec.http.websocketx.WebSocketHandshakeException;
import io.netty.handler.proxy.ProxyConnectException;
import io.vertx.core.http.UpgradeRejectedException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Why a connection attempt to Gemini failed; found anywhere in the chain of causes. */
sealed interface ConnectFailure {

    /** The part of Netty's message with the status of a proxy that opens no tunnel. */
    Pattern PROXY_STATUS = Pattern.compile("status: (\\d{3})");

    /**
     * The server answered the upgrade with an HTTP status.
     *
     * @param answer status and body
     */
    record Refused(UpgradeRejectedException answer) implements ConnectFailure {}

    /**
     * No answer came that could be from Gemini.
     *
     * @param message what happened, a sentence for people
     * @param remedy what to do, and who
     * @param retry whether a later attempt can succeed
     * @param words of the failure itself, not yet scrubbed; may be empty
     */
    record Unreachable(String message, String remedy, RetryClass retry, String words) implements ConnectFailure {}

    /** Finds the first known failure in the chain of causes. */
    static ConnectFailure of(Throwable failure) {
        Throwable innermost = failure;
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            ConnectFailure known = known(cause);
            if (known != null) {
                return known;
            }
            innermost = cause;
        }
        String words = innermost.getMessage();
        return new Unreachable(
                "The connection to Gemini failed.",
                "Try again in a minute; if it stays so, the operator must check the network.",
                RetryClass.RESUME,
                words == null ? innermost.getClass().getSimpleName() : words);
    }

    /**
     * Finds the first known failure of a connection through a proxy. Failures before the tunnel is open concern the
     * proxy, failures inside it concern Gemini.
     */
    static ConnectFailure of(Throwable failure, Proxy proxy) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            Unreachable known = switch (cause) {
                case ProxyConnectException refused -> refusedBy(proxy, String.valueOf(refused.getMessage()));
                case UnknownHostException unknown ->
                    ofProxy("The host name of the proxy " + proxy + " can't be resolved.");
                case ConnectTimeoutException late -> ofProxy("Connection to the proxy " + proxy + " timed out.");
                case NoRouteToHostException noRoute ->
                    ofProxy("Connection to the proxy " + proxy + " failed: No route to host.");
                case ConnectException refused ->
                    ofProxy("The proxy " + proxy + " refused the connection: nothing listens there.");
                default -> null;
            };
            if (known != null) {
                return known;
            }
        }
        return of(failure);
    }

    private static Unreachable refusedBy(Proxy proxy, String words) {
        Matcher status = PROXY_STATUS.matcher(words);
        if (!status.find()) {
            return ofProxy("The proxy " + proxy + " did not open a tunnel to Gemini.");
        }
        return switch (status.group(1)) {
            case "407" ->
                new Unreachable(
                        "The proxy " + proxy + " refused the user and password, or asks for them.",
                        "The operator must correct them in livebridge.upstream.proxy or HTTPS_PROXY.",
                        RetryClass.NEVER,
                        "HTTP status 407");
            case "500", "502", "503", "504" ->
                new Unreachable(
                        "The proxy " + proxy + " could not reach Gemini.",
                        "Try again in a minute. If it stays so, the operator must check the proxy.",
                        RetryClass.RESUME,
                        "HTTP status " + status.group(1));
            default ->
                new Unreachable(
                        "The proxy " + proxy + " refused to connect to Gemini.",
                        "The operator must allow Gemini's host there.",
                        RetryClass.NEVER,
                        "HTTP status " + status.group(1));
        };
    }

    private static Unreachable ofProxy(String message) {
        return unreachable(message, "The operator must check livebridge.upstream.proxy or HTTPS_PROXY.");
    }

    private static @Nullable ConnectFailure known(Throwable failure) {
        return switch (failure) {
            case UpgradeRejectedException answer -> new Refused(answer);
            case UnknownHostException unknown ->
                unreachable(
                        "The host name of Gemini can't be resolved.",
                        "The operator must check livebridge.gemini.base-uri and the name service.");
            case ConnectTimeoutException late -> late();
            case SocketTimeoutException late -> late();
            case TimeoutException late -> late();
            case SSLException untrusted ->
                new Unreachable(
                        "No trusted TLS connection to Gemini.",
                        "The operator must check the proxies on the way and the certificates to trust"
                                + " (livebridge.upstream.tls).",
                        RetryClass.NEVER,
                        untrusted.getMessage() == null ? "" : untrusted.getMessage());
            // The client closes a connection whose handshake takes too long, and then reports the close.
            case WebSocketHandshakeException unfinished ->
                unreachable(
                        "Connected to Gemini, but the WebSocket handshake did not complete.",
                        "If it stays so, the operator must check livebridge.gemini.base-uri and the proxies on the way.");
            case NoRouteToHostException noRoute ->
                unreachable("Connection to Gemini failed: No route to host.", "The operator must check the network.");
            case ConnectException refused ->
                unreachable(
                        "The connection to Gemini was refused.",
                        "The operator must check livebridge.gemini.base-uri and the firewall.");
            default -> null;
        };
    }

    private static Unreachable late() {
        return unreachable("Connection to Gemini timed out.", "If it stays so, the operator must check the network.");
    }

    private static Unreachable unreachable(String message, String remedy) {
        return new Unreachable(message, "Try again in a minute. " + remedy, RetryClass.RESUME, "");
    }
}
