package dev.livebridge.session;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.livebridge.access.rules.Permissions;
import dev.livebridge.json.MalformedJsonException;
import dev.livebridge.json.StrictJson;
import dev.livebridge.message.ClientMessage;
import dev.livebridge.message.ClientMessage.FunctionResult;
import dev.livebridge.message.EndCause;
import dev.livebridge.message.MessageKind;
import dev.livebridge.telemetry.Meters.Direction;
import dev.livebridge.telemetry.Meters.DropReason;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Enforces the permission {@code video}: pictures and videos of a caller without it do not reach the model, neither as
 * realtime input nor as parts of turns and function results. A part without a MIME type counts as a picture.
 *
 * <p>Called by the thread that takes the client's messages.
 */
final class PictureFilter {

    private static final String PARTS = "parts";

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
            Filtered filtered = filtered(message);
            pictures += filtered.pictures();
            if (filtered.message() != null) {
                allowed.add(filtered.message());
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

    /**
     * A message after the check.
     *
     * @param message without pictures; {@code null} when nothing else was in it
     * @param pictures how many were left out
     */
    private record Filtered(@Nullable ClientMessage message, int pictures) {}

    private static Filtered filtered(ClientMessage message) {
        return switch (message) {
            case ClientMessage.Video _ -> new Filtered(null, 1);
            case ClientMessage.ClientContent content -> filtered(content);
            case ClientMessage.ToolResponse response -> filtered(response);
            case ClientMessage.Setup _,
                    ClientMessage.Resume _,
                    ClientMessage.Auth _,
                    ClientMessage.Audio _,
                    ClientMessage.RealtimeText _,
                    ClientMessage.UserTurn _,
                    ClientMessage.LateResult _,
                    ClientMessage.Signal _,
                    ClientMessage.ContextUpdate _,
                    ClientMessage.LeftOut _,
                    ClientMessage.Ping _,
                    ClientMessage.Beacon _ -> new Filtered(message, 0);
        };
    }

    private static Filtered filtered(ClientMessage.ClientContent content) {
        JsonNode json = read(content.json());
        int pictures = 0;
        Iterator<JsonNode> turns = json.path("turns").iterator();
        while (turns.hasNext()) {
            JsonNode turn = turns.next();
            int removed = removePictures(turn);
            pictures += removed;
            if (removed > 0 && !turn.has(PARTS)) {
                turns.remove();
            }
        }
        if (pictures == 0) {
            return new Filtered(content, 0);
        }
        return json.path("turns").isEmpty()
                ? new Filtered(null, pictures)
                : new Filtered(new ClientMessage.ClientContent(StrictJson.write(json), content.said()), pictures);
    }

    private static Filtered filtered(ClientMessage.ToolResponse response) {
        List<FunctionResult> results = new ArrayList<>();
        int pictures = 0;
        for (FunctionResult result : response.results()) {
            JsonNode json = read(result.json());
            int removed = removePictures(json);
            pictures += removed;
            results.add(removed == 0 ? result : new FunctionResult(result.id(), StrictJson.write(json)));
        }
        return new Filtered(pictures == 0 ? response : new ClientMessage.ToolResponse(results), pictures);
    }

    /** Removes the pictures from the parts of a turn or of a function result, and the list itself if it gets empty. */
    private static int removePictures(JsonNode holder) {
        int removed = 0;
        Iterator<JsonNode> parts = holder.path(PARTS).iterator();
        while (parts.hasNext()) {
            JsonNode part = parts.next();
            if (isPicture(part.get("inlineData")) || isPicture(part.get("fileData"))) {
                parts.remove();
                removed++;
            } else {
                removed += removePictures(part.path("functionResponse"));
            }
        }
        if (removed > 0 && holder.path(PARTS).isEmpty() && holder instanceof ObjectNode object) {
            object.remove(PARTS);
        }
        return removed;
    }

    private static boolean isPicture(@Nullable JsonNode media) {
        if (media == null) {
            return false;
        }
        String type = media.path("mimeType").asText().strip().toLowerCase(Locale.ROOT);
        return type.isEmpty() || type.startsWith("image/") || type.startsWith("video/");
    }

    private static JsonNode read(String json) {
        try {
            return StrictJson.read(json);
        } catch (MalformedJsonException e) {
            throw new IllegalStateException("the dialect wrote this JSON", e);
        }
    }
}
