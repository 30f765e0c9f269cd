package dev.livebridge.session;

import dev.livebridge.access.SubjectHash;
import dev.livebridge.message.EndCause;
import dev.livebridge.message.Negotiated;
import dev.livebridge.session.SessionState.Ended;
import dev.livebridge.telemetry.SampledLog;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import org.jboss.logging.Logger;
import org.jboss.logging.MDC;

/**
 * Logs the end of each session. A socket without a setup can be opened by anyone at no cost, so only some of their ends
 * are logged each minute; the others are counted.
 */
final class SessionLog {

    private static final Logger LOG = Logger.getLogger(SessionLog.class);

    /** Causes that a client can bring about without a conversation. */
    private static final Set<EndCause> ENDS_WITHOUT_CONVERSATION = EnumSet.of(
            EndCause.CLIENT_CLOSED,
            EndCause.CLIENT_LOST,
            EndCause.SETUP_TIMEOUT,
            EndCause.BAD_SETUP,
            EndCause.BAD_MESSAGE,
            EndCause.MESSAGE_TOO_BIG,
            EndCause.RESUME_REFUSED,
            EndCause.CAPACITY,
            EndCause.DRAIN,
            EndCause.POLICY);

    private final SubjectHash hash;
    private final SampledLog endsWithoutConversation =
            new SampledLog("sessions ended that had no conversation", LOG::info);

    /** @param hash the form in which a subject is logged */
    SessionLog(SubjectHash hash) {
        this.hash = hash;
    }

    /** Logs or counts an end. */
    void onEnded(LiveSession session, Ended ended, Duration age) {
        Negotiated negotiated = session.lastNegotiated();
        EndCause cause = ended.cause();
        if (negotiated == null && ENDS_WITHOUT_CONVERSATION.contains(cause) && !endsWithoutConversation.mayWrite()) {
            return;
        }
        Map<String, String> fields = Map.of(
                "session",
                session.id(),
                "subject",
                hash.of(session.credential().caller().subject()),
                "cause",
                cause.label(),
                "model",
                negotiated == null ? "none" : negotiated.model(),
                "backend",
                negotiated == null ? "none" : negotiated.backend());
        fields.forEach(MDC::put);
        LOG.infof(
                "session ended session=%s subject=%s cause=%s model=%s backend=%s age=%dms: %s",
                session.id(),
                fields.get("subject"),
                cause.label(),
                fields.get("model"),
                fields.get("backend"),
                age.toMillis(),
                ended.message());
        fields.keySet().forEach(MDC::remove);
    }

    /** Logs the count at the end of each minute. */
    void tick() {
        endsWithoutConversation.summarize();
    }
}
