package dev.livebridge.session;

import dev.livebridge.message.EndCause;
import dev.livebridge.resumption.ResumeRefusedException;
import dev.livebridge.resumption.ResumeRefusedException.Reason;
import dev.livebridge.resumption.ResumeToken;
import dev.livebridge.session.SessionState.Ended;
import dev.livebridge.session.budget.LimitReached;
import dev.livebridge.session.memory.ConversationMemory;
import dev.livebridge.session.token.HandoverPeers;
import dev.livebridge.session.token.HandoverPeers.Handover;
import dev.livebridge.session.token.RetiredConversations;
import dev.livebridge.session.token.RetiredConversations.Retired;
import dev.livebridge.telemetry.Meters.Resumption;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Finds the session of a resume token: still held here, held by another instance, or in the token alone.
 *
 * <p>An instance that takes a session over asks the holder to release it first, so that it never has two connections to
 * the model. The address of the holder is in the token. A holder that has passed the session on answers with the
 * address of the next one, sealed; if it can't be reached, the session continues from the token and its handle.
 */
final class SessionResumption {

    private static final Logger LOG = Logger.getLogger(SessionResumption.class);

    /** How many holders to ask when the session has moved on. */
    private static final int MAX_HOPS = 3;

    private final SessionContext context;
    private final SessionOwner owner;
    private final Map<String, LiveSession> sessions;
    private final BiConsumer<LiveSession, String> admit;
    private final HandoverPeers peers;
    private final RetiredConversations retired;
    /** The requests of the instances to which sessions are being released, by session. */
    private final Map<String, ResumeToken> successors = new ConcurrentHashMap<>();

    SessionResumption(
            SessionContext context,
            SessionOwner owner,
            Map<String, LiveSession> sessions,
            BiConsumer<LiveSession, String> admit,
            HandoverPeers peers) {
        this.context = context;
        this.owner = owner;
        this.sessions = sessions;
        this.admit = admit;
        this.peers = peers;
        this.retired = new RetiredConversations(context.tokens().lifetime());
    }

    // ---- a client resumes ---------------------------------------------------------------------------------------

    /** See {@link SessionRegistry#resume}. */
    LiveSession resume(LiveSession arrival, String sealed, Downstream socket) {
        try {
            ResumeToken token = context.tokens().open(sealed, SessionScope.owner(socket));
            return resume(arrival, token);
        } catch (ResumeRefusedException e) {
            context.meters().resumptionRefused(e.reason().label());
            arrival.end(EndCause.RESUME_REFUSED, EndCause.RESUME_REFUSED.sentence());
            return arrival;
        }
    }

    private synchronized LiveSession resume(LiveSession arrival, ResumeToken token) throws ResumeRefusedException {
        if (arrival.state() instanceof Ended) {
            return arrival;
        }
        LiveSession held = sessions.get(token.sessionId());
        if (held != null && held.tokens().isNewerThanIssued(token.sequence())) {
            // Another instance has continued the session without reaching this one; the session here is stale.
            held.end(EndCause.MOVED, EndCause.MOVED.sentence());
            held = null;
        }
        if (held != null) {
            if (!held.tokens().isGood(token.sequence())) {
                throw new ResumeRefusedException(Reason.REPLAYED);
            }
            long away = held.clientAbsenceNanos();
            if (held.attach(arrival, token.sequence())) {
                context.meters().clientReturned(Duration.ofNanos(away));
                context.meters().resumed(Resumption.REATTACHED);
                return held;
            }
            if (!held.modelReleased()) {
                throw new ResumeRefusedException(Reason.REPLAYED);
            }
        }
        Retired before = recordOf(token.sessionId(), held);
        if (before != null) {
            if (before.movedTo() == null ? isSpent(token, before) : token.sequence() < before.usedSequence()) {
                throw new ResumeRefusedException(Reason.REPLAYED);
            }
            if (before.forGood()) {
                throw new ResumeRefusedException(Reason.OVER);
            }
        }
        return takeOver(arrival, token, before);
    }

    /**
     * Whether a token is spent: a newer one was used, or this one was, and its client has received a newer one. A
     * client that has not received one may use it again for the grace time.
     */
    private boolean isSpent(ResumeToken token, Retired before) {
        return token.sequence() < before.usedSequence()
                || (token.sequence() == before.usedSequence()
                        && (before.confirmed()
                                || context.now() - before.atNanos()
                                        > context.limits().resumeGrace().toNanos()));
    }

    /** Opens the session at once, so that a client that resumes again finds it; the memory follows. */
    private LiveSession takeOver(LiveSession arrival, ResumeToken token, @Nullable Retired before) {
        Downstream socket = arrival.detachSocket();
        LiveSession session = new LiveSession(
                token.sessionId(),
                arrival.dialect(),
                socket,
                arrival.scope().budget().forConversation(token.sessionId()),
                new ConversationMemory(),
                context,
                owner);
        session.onResume(token);
        retired.forget(token.sessionId());
        admit.accept(session, arrival.dialect());
        if (session.state() instanceof Ended) {
            // Ended for lack of capacity: the holder keeps the session, and the token stays valid.
            onNotContinued(session, before);
            return session;
        }
        Thread.ofVirtual().name("livebridge-takeover-" + token.sessionId()).start(() -> fetch(session, token, before));
        return session;
    }

    private void fetch(LiveSession session, ResumeToken token, @Nullable Retired before) {
        try {
            Optional<LimitReached> limit = session.scope().budget().claim();
            if (limit.isPresent()) {
                // Before its holder is asked: there the conversation stays, and the token stays good.
                session.scope()
                        .lifecycle()
                        .end(
                                EndCause.CONCURRENCY,
                                limit.get().message(),
                                limit.get().retryAfterMillis());
                onNotContinued(session, before);
                return;
            }
            ResumeToken newest = ask(token, before);
            context.meters().resumed(howResumed(token, newest, before));
            session.restore(newest);
        } catch (ResumeRefusedException e) {
            context.meters().resumptionRefused(e.reason().label());
            session.end(EndCause.RESUME_REFUSED, EndCause.RESUME_REFUSED.sentence());
        } catch (RuntimeException e) {
            session.fault("resuming the session", e);
        }
    }

    /** A session has ended before its holder was asked: its token is not used, and the record before it holds again. */
    private void onNotContinued(LiveSession session, @Nullable Retired before) {
        if (before == null) {
            retired.forget(session.id());
        } else {
            retired.add(session.id(), before);
        }
    }

    private static Resumption howResumed(ResumeToken token, ResumeToken newest, @Nullable Retired before) {
        if (!newest.equals(token)) {
            return Resumption.HANDED_OVER;
        }
        if (before == null && token.issuer() == null) {
            LOG.infof(
                    "session continues from its token alone session=%s: its instance has no address (%s), could not be"
                            + " asked, and may still hold it",
                    token.sessionId(), "livebridge.instance.address");
            return Resumption.TOKEN_UNASKED;
        }
        return Resumption.TOKEN;
    }

    /** The newest state of the session: from its holder if it answers, else from the token. */
    private ResumeToken ask(ResumeToken token, @Nullable Retired before) throws ResumeRefusedException {
        ResumeToken newest = token;
        URI next = before == null ? token.issuer() : before.movedTo();
        URI self = context.tokens().address();
        for (int hop = 0; hop < MAX_HOPS && next != null && !next.equals(self); hop++) {
            Optional<String> request = context.tokens().sealRequest(token);
            if (request.isEmpty()) {
                return newest;
            }
            switch (peers.ask(next, request.get())) {
                case Handover.Released(String state) -> {
                    ResumeToken opened = openState(state, token);
                    URI elsewhere = opened == null || next.equals(opened.issuer()) ? null : opened.issuer();
                    // A holder that has passed the session on answers with the next address only.
                    newest = opened == null || elsewhere != null ? newest : opened;
                    next = elsewhere;
                }
                case Handover.Unknown() -> {
                    if (before != null && isSpent(token, before)) {
                        throw new ResumeRefusedException(Reason.REPLAYED);
                    }
                    next = null;
                }
                case Handover.Refused() -> throw new ResumeRefusedException(Reason.REPLAYED);
            }
        }
        return newest;
    }

    /**
     * Opens the answer of an instance. Addresses are reused: the instance may not be the one that issued the token, so
     * an answer that can't be opened, or is about another session, is ignored.
     */
    private @Nullable ResumeToken openState(String state, ResumeToken token) {
        try {
            ResumeToken opened = context.tokens().openState(state);
            boolean same =
                    opened.sessionId().equals(token.sessionId()) && Objects.equals(opened.subject(), token.subject());
            return same ? opened : null;
        } catch (ResumeRefusedException e) {
            LOG.warnf(
                    "the answer of an instance that was asked for a session can't be opened: %s",
                    e.reason().label());
            return null;
        }
    }

    // ---- another instance asks -----------------------------------------------------------------------------------

    /** See {@link SessionRegistry#handOver}. */
    Handover handOver(String sealed) throws InterruptedException {
        ResumeToken token;
        try {
            token = context.tokens().openRequest(sealed);
        } catch (ResumeRefusedException e) {
            // This instance can't open the token, but the caller can: with "unknown" it continues from the token.
            context.meters().resumptionRefused(e.reason().label());
            return new Handover.Unknown();
        }
        LiveSession held = sessions.get(token.sessionId());
        if (held != null && !(held.state() instanceof Ended) && !held.tokens().isNewerThanIssued(token.sequence())) {
            return release(held, token);
        }
        Retired before = recordOf(token.sessionId(), held);
        if (before == null) {
            return new Handover.Unknown();
        }
        if (before.forGood()
                || (before.movedTo() == null ? isSpent(token, before) : token.sequence() < before.usedSequence())) {
            return new Handover.Refused();
        }
        URI movedTo = before.movedTo() == null ? passOn(token, before) : before.movedTo();
        return movedTo == null
                ? new Handover.Unknown()
                : context.tokens()
                        .sealPointer(movedTo, token)
                        .<Handover>map(Handover.Released::new)
                        .orElseGet(Handover.Unknown::new);
    }

    /**
     * Records that the asking instance continues a session which has ended here, so that its token is of no use here.
     *
     * @return another instance that has asked first; {@code null} if this one may continue from its token
     */
    private @Nullable URI passOn(ResumeToken token, Retired before) {
        URI asking = token.issuer();
        if (asking == null) {
            return null;
        }
        Retired next = new Retired(token.sequence(), false, false, asking, context.now());
        return retired.replace(token.sessionId(), before, next).movedTo();
    }

    private Handover release(LiveSession held, ResumeToken token) throws InterruptedException {
        if (!held.tokens().use(token.sequence())) {
            return new Handover.Refused();
        }
        successors.put(held.id(), token);
        try {
            Optional<String> state = held.release();
            LOG.debugf("conversation handed over session=%s", held.id());
            return state.<Handover>map(Handover.Released::new).orElseGet(Handover.Unknown::new);
        } finally {
            successors.remove(held.id());
        }
    }

    /**
     * A session has ended. It is recorded before it is removed, so that a token always finds one or the other: it must
     * not continue a session that has ended for good.
     */
    void onEnded(LiveSession session, Ended ended) {
        if (session.tokens().issued() > 0) {
            retired.add(session.id(), recordOf(session, ended));
        }
        sessions.remove(session.id(), session);
    }

    /**
     * The record of a session that has ended here.
     *
     * @param held the session, if it is still held; one that is ending at this moment may not be recorded yet
     * @return {@code null} when no such session has ended here
     */
    private @Nullable Retired recordOf(String sessionId, @Nullable LiveSession held) {
        return held != null && held.state() instanceof Ended ended ? recordOf(held, ended) : retired.find(sessionId);
    }

    private Retired recordOf(LiveSession session, Ended ended) {
        ResumeToken successor = successors.get(session.id());
        return new Retired(
                session.tokens().used(),
                session.tokens().isConfirmed(),
                session.isOverForGood(ended.cause()),
                successor == null ? null : successor.issuer(),
                ended.atNanos());
    }
}
