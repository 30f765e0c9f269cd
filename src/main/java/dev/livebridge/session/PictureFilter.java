package dev.livebridge.session;

import dev.livebridge.access.rules.Permissions;
import dev.livebridge.message.ClientMessage;
import dev.livebridge.message.EndCause;
import dev.livebridge.message.MessageKind;
import dev.livebridge.message.WithoutPictures;
import dev.livebridge.telemetry.Meters.Direction;
import dev.livebridge.telemetry.Meters.DropReason;
import java.util.ArrayList;
import java.util.List;

/**
 * Enforces the permission {@code video}: pictures and videos of a caller without it do not reach the model, neither as
 * realtime input nor as parts of turns and function results.
 *
 * <p>Called by the thread that takes the client's messages.
 */
final class PictureFilter {

    private final SessionScope scope;
    private final ProblemReports problems;
    private boolean reported;

    PictureFilter(SessionScope scope, ProblemReports problems) {
        this.scope = scope;
        this.problems = problems;
    }

    /**
     * Leaves out pictures that the caller may not send, and reports that once; or ends the session, as the caller's
     * rule says.
     *
     * @return the messages without pictures; empty when the session has ended
     */
    List<? extends ClientMessage> filter(List<? extends ClientMessage> messages) {
        Permissions permissions = scope.budget().permissions();
        if (permissions.video()) {
            return messages;
        }
        List<ClientMessage> allowed = new ArrayList<>();
        int pictures = 0;
        for (ClientMessage message : messages) {
            WithoutPictures rest = scope.context().connector().withoutPictures(message);
            pictures += rest.removed();
            if (rest.message() != null) {
                allowed.add(rest.message());
            }
        }
        for (int i = 0; i < pictures; i++) {
            scope.recorder().onDropped(Direction.UP, MessageKind.VIDEO, DropReason.NOT_ALLOWED);
        }
        return pictures == 0 || isToldOnly(permissions) ? allowed : List.of();
    }

    private boolean isToldOnly(Permissions permissions) {
        return switch (permissions.otherwise()) {
            case REFUSE -> {
                scope.lifecycle().end(EndCause.POLICY, "Pictures are not allowed for this caller.");
                yield false;
            }
            case TELL -> {
                if (!reported) {
                    reported = true;
                    problems.report(
                            "not_allowed",
                            "Pictures are not allowed for this caller and are left out. This is said once.");
                }
                yield true;
            }
        };
    }
}
