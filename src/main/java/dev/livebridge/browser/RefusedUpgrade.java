package dev.livebridge.browser;

import dev.livebridge.http.ClientAddress;
import dev.livebridge.http.OriginPolicy;
import dev.livebridge.message.EndCause;
import dev.livebridge.session.SessionRegistry;
import io.vertx.core.http.HttpServerRequest;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The reason why an upgrade of a page would be refused now, beside its caller and the caller's limits. Browsers hide
 * the response to a refused upgrade, so the page asks afterwards. The answer is that of this instance and of this
 * moment.
 */
@Singleton
final class RefusedUpgrade {

    private final OriginPolicy origins;
    private final AddressLimits addresses;
    private final ClientAddress clientAddress;
    private final SessionRegistry sessions;

    RefusedUpgrade(
            OriginPolicy origins, AddressLimits addresses, ClientAddress clientAddress, SessionRegistry sessions) {
        this.origins = origins;
        this.addresses = addresses;
        this.clientAddress = clientAddress;
        this.sessions = sessions;
    }

    /**
     * A reason.
     *
     * @param code as in {@code docs/errors.md}
     * @param sentence the problem and its solution
     * @param retryAfter time until another attempt makes sense; {@code null} where time does not help
     */
    record Reason(String code, String sentence, @Nullable Duration retryAfter) {}

    /**
     * Finds the reason.
     *
     * @param request of the page
     * @param origin of the page as its upgrade names it; {@code null} if the page does not say it
     * @return nothing if an upgrade would be granted now
     */
    Optional<Reason> of(HttpServerRequest request, @Nullable String origin) {
        if (origin != null && !origins.permits(request, origin)) {
            return Optional.of(new Reason(
                    "origin",
                    "Pages of this origin may not connect. The operator adds it to livebridge.browser.allowed-origins.",
                    null));
        }
        return switch (addresses.forecast(clientAddress.of(request))) {
            case TOO_MANY_OPEN ->
                later("concurrency", "Your network address has too many conversations open. End one.");
            case TOO_FAST -> later("rate", "Your network address opens conversations too fast.");
            case ALLOWED -> sessions.refusal().flatMap(RefusedUpgrade::of);
        };
    }

    private static Optional<Reason> of(EndCause cause) {
        return later(cause.label(), cause.sentence());
    }

    private static Optional<Reason> later(String code, String sentence) {
        return Optional.of(new Reason(code, sentence, CapacityCheck.RETRY_AFTER));
    }
}
