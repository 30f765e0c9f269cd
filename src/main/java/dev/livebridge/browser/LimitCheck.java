package dev.livebridge.browser;

import dev.livebridge.access.AccessRefusal;
import dev.livebridge.access.Caller;
import dev.livebridge.limits.CallerLimits;
import dev.livebridge.limits.LimitDecision;
import dev.livebridge.session.budget.ConversationBudget;
import dev.livebridge.session.budget.Unlimited;
import dev.livebridge.telemetry.Meters;
import io.quarkus.websockets.next.HttpUpgradeCheck;
import io.quarkus.websockets.next.UserData.TypedKey;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import jakarta.annotation.Priority;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Whether the caller may have one more conversation. What is admitted is counted until its end. */
@Singleton
@Priority(CheckPriority.LIMITS)
class LimitCheck implements HttpUpgradeCheck {

    /** What the caller may use. */
    static final TypedKey<ConversationBudget> BUDGET = new TypedKey<>("livebridge.budget");

    /** A client of {@code /live} says with it that it will continue a conversation. */
    private static final String RESUMES = "resume";

    /** When only the end of another conversation helps. */
    private static final Duration DEFAULT_RETRY_AFTER = Duration.ofSeconds(30);

    private final CallerLimits limits;
    private final Meters meters;

    LimitCheck(CallerLimits limits, Meters meters) {
        this.limits = limits;
        this.meters = meters;
    }

    /** What a caller may use whose limits have been checked; without limits when it has none. */
    static ConversationBudget budget(HttpUpgradeContext context) {
        @Nullable ConversationBudget budget = context.userData().get(BUDGET);
        return budget == null ? new Unlimited() : budget;
    }

    @Override
    public Uni<CheckResult> perform(HttpUpgradeContext context) {
        @Nullable Caller caller = context.userData().get(AccessCheck.CALLER);
        if (caller == null) {
            // Refused: the socket is closed as soon as it is open.
            return CheckResult.permitUpgrade();
        }
        Context loop = Vertx.currentContext();
        return Uni.createFrom()
                .completionStage(() -> limits.admit(caller, context.endpointId(), resumes(context)))
                .emitOn(command -> AccessCheck.resume(loop, command))
                .map(decision -> result(context, decision));
    }

    private static boolean resumes(HttpUpgradeContext context) {
        String query = context.httpRequest().query();
        return context.endpointId().equals(LiveEndpoint.ID)
                && query != null
                && List.of(query.split("&", -1)).stream()
                        .anyMatch(part -> part.equals(RESUMES) || part.startsWith(RESUMES + "="));
    }

    private CheckResult result(HttpUpgradeContext context, LimitDecision decision) {
        return switch (decision) {
            case LimitDecision.Admitted(ConversationBudget budget) -> {
                context.userData().put(BUDGET, budget);
                yield CheckResult.permitUpgradeSync();
            }
            case LimitDecision.Refused(AccessRefusal refusal, Duration retryAfter) ->
                AccessCheck.refuse(context, refusal, meters).withHeaders(headers(refusal, retryAfter));
        };
    }

    private static Map<String, List<String>> headers(AccessRefusal refusal, @Nullable Duration retryAfter) {
        if (refusal == AccessRefusal.FORBIDDEN) {
            return Map.of();
        }
        Duration wait = retryAfter == null ? DEFAULT_RETRY_AFTER : retryAfter;
        return Map.of("Retry-After", List.of(Long.toString(Math.ceilDiv(wait.toMillis(), 1_000L))));
    }
}
