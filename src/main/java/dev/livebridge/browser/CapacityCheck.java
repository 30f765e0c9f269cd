package dev.livebridge.browser;

import dev.livebridge.browser.guard.FrameGuard;
import dev.livebridge.browser.guard.FrameLimits;
import dev.livebridge.config.LivebridgeConfig;
import dev.livebridge.config.SessionConfig;
import dev.livebridge.http.ClientAddress;
import dev.livebridge.session.Admission;
import dev.livebridge.session.SessionRegistry;
import dev.livebridge.session.SessionSlots.Slot;
import dev.livebridge.session.budget.ConversationBudget;
import dev.livebridge.telemetry.Meters;
import io.quarkus.websockets.next.HttpUpgradeCheck;
import io.quarkus.websockets.next.UserData.TypedKey;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpServerRequest;
import jakarta.annotation.Priority;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The last check before an upgrade: reserves a slot, counts the address, and adds the guard to the connection's
 * pipeline. All three are released when the connection closes or the upgrade fails.
 */
@Singleton
@Priority(CheckPriority.CAPACITY)
class CapacityCheck implements HttpUpgradeCheck {

    /** The admitted connection, for the endpoint. */
    static final TypedKey<Place> PLACE = new TypedKey<>("livebridge.place");

    /** Short, because the load balancer usually routes the next attempt to another instance. */
    static final Duration RETRY_AFTER = Duration.ofSeconds(5);

    private static final int TOO_MANY_REQUESTS = 429;
    private static final int SERVICE_UNAVAILABLE = 503;
    private static final int BAD_REQUEST = 400;

    /** A setup is usually one frame; a browser may fragment a setup of 64 KiB into several. */
    private static final int FIRST_MESSAGE_FRAMES = 16;

    private final SessionRegistry sessions;
    private final AddressLimits addresses;
    private final Meters meters;
    private final FrameLimits limits;
    private final FrameLimits geminiLimits;
    private final ClientAddress clientAddress;

    /**
     * An admitted connection.
     *
     * @param slot reserved for its session
     * @param guard of the connection
     * @param limits that the guard enforces
     * @param budget of the caller
     */
    record Place(Slot slot, FrameGuard guard, FrameLimits limits, ConversationBudget budget) {}

    CapacityCheck(
            SessionRegistry sessions,
            AddressLimits addresses,
            ClientAddress clientAddress,
            Meters meters,
            LivebridgeConfig config) {
        this.sessions = sessions;
        this.addresses = addresses;
        this.meters = meters;
        this.clientAddress = clientAddress;
        SessionConfig session = config.session();
        this.limits = limits(session, session.maxMessageBytes());
        this.geminiLimits = limits(session, config.geminiClients().maxMessageBytes());
    }

    private static FrameLimits limits(SessionConfig session, int maxMessageBytes) {
        return new FrameLimits(
                Math.min(session.setupMaxBytes(), maxMessageBytes),
                FIRST_MESSAGE_FRAMES,
                maxMessageBytes,
                session.framesPerSecond(),
                session.bytesPerSecond(),
                session.bytesBurst(),
                session.pingInterval());
    }

    @Override
    public Uni<CheckResult> perform(HttpUpgradeContext context) {
        HttpServerRequest request = context.httpRequest();
        ConversationBudget budget = LimitCheck.budget(context);
        String block = clientAddress.of(request);
        switch (addresses.open(block)) {
            case TOO_MANY_OPEN -> {
                return refuse(TOO_MANY_REQUESTS, "address_sockets", budget);
            }
            case TOO_FAST -> {
                return refuse(TOO_MANY_REQUESTS, "address_rate", budget);
            }
            case ALLOWED -> {}
        }
        if (context.userData().get(AccessCheck.REFUSAL) != null) {
            return guardOnly(context, block);
        }
        return switch (sessions.admit()) {
            case Admission.Refused(String reason) -> {
                addresses.closed(block);
                yield refuse(SERVICE_UNAVAILABLE, reason, budget);
            }
            case Admission.Granted(Slot slot) -> admit(context, slot, block, budget);
        };
    }

    /** A socket that is closed as soon as it is open takes no slot. */
    private Uni<CheckResult> guardOnly(HttpUpgradeContext context, String block) {
        Runnable onGone = () -> addresses.closed(block);
        if (FrameGuard.install(context.httpRequest().connection(), geminiLimits, meters.clientSockets(), onGone)
                .isEmpty()) {
            onGone.run();
            return CheckResult.rejectUpgrade(BAD_REQUEST);
        }
        return CheckResult.permitUpgrade();
    }

    private Uni<CheckResult> admit(HttpUpgradeContext context, Slot slot, String block, ConversationBudget budget) {
        FrameLimits own = context.endpointId().equals(GeminiEndpoint.ID) ? geminiLimits : limits;
        Runnable onGone = () -> {
            addresses.closed(block);
            // False if a session has taken the slot; the session then releases it.
            if (slot.abandon()) {
                giveBack(budget);
            }
        };
        Optional<FrameGuard> guard =
                FrameGuard.install(context.httpRequest().connection(), own, meters.clientSockets(), onGone);
        if (guard.isEmpty()) {
            onGone.run();
            return CheckResult.rejectUpgrade(BAD_REQUEST);
        }
        slot.onReclaimed(guard.get()::drop);
        context.userData().put(PLACE, new Place(slot, guard.get(), own, budget));
        return CheckResult.permitUpgrade();
    }

    private static void giveBack(ConversationBudget budget) {
        budget.onEnded(false, System.nanoTime());
    }

    private Uni<CheckResult> refuse(int status, String reason, ConversationBudget budget) {
        giveBack(budget);
        meters.upgradeRejected(reason);
        return CheckResult.rejectUpgrade(
                status, Map.of("Retry-After", List.of(Long.toString(RETRY_AFTER.toSeconds()))));
    }
}
