package dev.livebridge.browser;

import dev.livebridge.access.AccessDecision;
import dev.livebridge.access.AccessDecision.Admitted;
import dev.livebridge.access.AccessDecision.Refused;
import dev.livebridge.access.AccessRefusal;
import dev.livebridge.access.Caller;
import dev.livebridge.access.request.CallerAccess;
import dev.livebridge.browser.guard.FrameGuard;
import dev.livebridge.message.ClientMessage;
import dev.livebridge.message.ClientMessage.Auth;
import dev.livebridge.message.EndCause;
import dev.livebridge.session.LiveSession;
import io.vertx.core.Context;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/**
 * Renews the credential of a conversation, and ends the conversation if its API key is revoked. One new credential is
 * verified at a time.
 */
final class CredentialRenewal {

    private static final String BUSY =
            "The previous credential is still being verified. Wait for the result, then send the next one.";
    private static final String FOREIGN = "The new credential belongs to another caller or to another page.";
    private static final String REVOKED = "The API key of this conversation is revoked.";
    private static final Duration CHECK_INTERVAL = Duration.ofSeconds(5);

    private final CallerAccess access;
    private final String origin;
    private final Context context;
    private final AtomicBoolean busy = new AtomicBoolean();

    /**
     * The renewals of one socket.
     *
     * @param origin of its page, {@code none} for a program
     * @param context of the socket, in which Quarkus verifies credentials
     */
    CredentialRenewal(CallerAccess access, String origin, Context context) {
        this.access = access;
        this.context = context;
        this.origin = origin;
    }

    /** Removes the credentials from the client's messages and verifies them. */
    List<ClientMessage> takeFrom(List<ClientMessage> messages, LiveSession session) {
        if (messages.stream().noneMatch(Auth.class::isInstance)) {
            return messages;
        }
        messages.stream()
                .filter(Auth.class::isInstance)
                .map(Auth.class::cast)
                .forEach(auth -> verify(auth.token(), session));
        return messages.stream().filter(message -> !(message instanceof Auth)).toList();
    }

    /** Ends the conversation if the API key of its caller, or of the minter of its ticket, is revoked. */
    void watch(FrameGuard guard, Caller caller, Supplier<LiveSession> session) {
        if (caller.credentialId().isEmpty()) {
            return;
        }
        guard.later(
                () -> {
                    if (access.isLive(caller)) {
                        watch(guard, caller, session);
                    } else {
                        session.get().end(EndCause.POLICY, REVOKED);
                    }
                },
                CHECK_INTERVAL);
    }

    private void verify(String token, LiveSession session) {
        if (!access.required()) {
            return;
        }
        if (!busy.compareAndSet(false, true)) {
            session.reportProblem("auth_busy", BUSY);
            return;
        }
        context.runOnContext(_ -> renew(token, session));
    }

    private void renew(String token, LiveSession session) {
        access.renew(session.credential().caller(), token, origin)
                .onTermination()
                .invoke(() -> busy.set(false))
                .subscribe()
                .with(
                        decision -> decided(decision, session),
                        fault -> session.fault("verifying a credential", new IllegalStateException(fault)));
    }

    private static void decided(AccessDecision decision, LiveSession session) {
        switch (decision) {
            case Admitted(Caller renewed) -> session.credential().renew(renewed);
            case Refused(AccessRefusal refusal)
            when refusal == AccessRefusal.FORBIDDEN -> session.end(EndCause.POLICY, FOREIGN);
            case Refused(AccessRefusal refusal) -> session.reportProblem(refusal.label(), refusal.sentence());
        }
    }
}
