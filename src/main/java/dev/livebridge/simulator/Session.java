package dev.livebridge.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Set;

/** A session after {@code setupComplete}: checks and dispatches messages. */
final class Session {

    private static final Set<String> PICTURES = Set.of("image/jpeg", "image/png");

    private final SessionSetup setup;
    private final boolean strict;
    private final ConnectionStatistics statistics;
    private final Outbox outbox;
    private final Conversation conversation;
    private final Microphone microphone;

    Session(
            SessionSetup setup,
            History history,
            ConnectionStatistics statistics,
            Outbox outbox,
            Timers timers,
            FaultPlan faults,
            Connection.Surroundings around) {
        this.setup = setup;
        this.strict = around.config().strict();
        this.statistics = statistics;
        this.outbox = outbox;
        this.conversation = new Conversation(
                setup,
                TurnStyle.of(setup, around.config(), faults),
                outbox,
                timers,
                around.answers(),
                around.handles(),
                // A snapshot outlives its connection by hours and calls this; it must not reference the socket.
                statistics::open,
                history);
        this.microphone = new Microphone(setup, conversation, outbox);
    }

    void begin() {
        conversation.begin();
    }

    /**
     * Takes a message other than a setup.
     *
     * @throws RefusedException when the session ends over it
     */
    void accept(ObjectNode message) {
        if (message.has("realtimeInput")) {
            realtimeInput(message.path("realtimeInput"));
        } else if (message.has("clientContent")) {
            pictures(message.path("clientContent").path("turns"));
            conversation.clientContent(message.path("clientContent"));
        } else if (message.has("contextUpdate")) {
            conversation.contextUpdate(message.path("contextUpdate"));
        } else {
            conversation.toolResponse(message.path("toolResponse"));
        }
    }

    /** Several fields in one message are all taken, in the order in which they make sense. */
    private void realtimeInput(JsonNode input) {
        if (input.has("activityStart")) {
            microphone.activityStart();
        }
        if (input.has("audio")) {
            audio(input.path("audio"));
        }
        if (input.has("video")) {
            picture(input.path("video"));
        }
        if (input.has("mediaChunks")) {
            mediaChunks(input.path("mediaChunks"));
        }
        if (input.has("text")) {
            conversation.text(input.path("text").asText());
        }
        if (input.path("audioStreamEnd").asBoolean()) {
            microphone.streamEnd();
        }
        if (input.has("activityEnd")) {
            microphone.activityEnd();
        }
    }

    /** Today's models refuse these; older ones took the first element only. */
    private void mediaChunks(JsonNode chunks) {
        if (strict) {
            throw RefusedException.invalid(
                    "realtime_input.media_chunks is deprecated. Use audio, video, or text instead.");
        }
        JsonNode first = chunks.path(0);
        if (first.path("mimeType").asText().startsWith("audio/")) {
            audio(first);
        } else if (!first.isMissingNode()) {
            picture(first);
        }
    }

    private void audio(JsonNode blob) {
        String mimeType = blob.path("mimeType").asText();
        String data = blob.path("data").asText();
        byte[] pcm = Base64Bytes.decode(data);
        if (!mimeType.startsWith("audio/pcm") || pcm.length % 2 != 0) {
            throw RefusedException.invalidArgument();
        }
        statistics.countAudio(pcm);
        if (setup.echo()) {
            outbox.echo(Base64Bytes.standard(data, pcm));
        } else {
            microphone.accept(pcm, Pcm.rateOf(mimeType));
        }
    }

    /** Pictures among the parts of turns; other media there is accepted and not looked at. */
    private void pictures(JsonNode turns) {
        for (JsonNode turn : turns) {
            for (JsonNode part : turn.path("parts")) {
                JsonNode blob = part.path("inlineData");
                if (PICTURES.contains(blob.path("mimeType").asText())) {
                    picture(blob);
                }
            }
        }
    }

    private void picture(JsonNode blob) {
        String mimeType = blob.path("mimeType").asText();
        if (!PICTURES.contains(mimeType)) {
            throw RefusedException.invalidArgument();
        }
        Picture picture =
                Picture.of(mimeType, Base64Bytes.decode(blob.path("data").asText()));
        statistics.picture(picture);
        conversation.picture(picture);
    }
}
