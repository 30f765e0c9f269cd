package dev.livebridge.load;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A wire format as one client speaks it on one connection. Sound is PCM, 16 bit, mono; up 16 kHz, down 24 kHz. */
interface ClientDialect {

    /** Where on the service it is wire. */
    String path();

    /** Where on the service a conversation is resumed. */
    default String resumptionPath() {
        return path();
    }

    /** Whether a {@link ServiceMessage.Ready} answers the first message. Where none does, the talk begins at once. */
    boolean sendsReady();

    /**
     * The first message of a new conversation, as Gemini spells it.
     *
     * @param instruction for the model; empty for none
     */
    default Frame setup(String instruction) {
        ObjectNode frame = Json.object();
        ObjectNode setup = frame.putObject("setup");
        setup.putObject("generationConfig").putArray("responseModalities").add("AUDIO");
        if (!instruction.isEmpty()) {
            setup.putObject("systemInstruction").putArray("parts").addObject().put("text", instruction);
        }
        return new Frame.Text(frame.toString());
    }

    /** The first message of a connection that takes a conversation over; {@code null} where there is no such thing. */
    default @Nullable Frame resume(String token) {
        return null;
    }

    /** A chunk of what the microphone heard. */
    Frame sound(byte[] pcm);

    /** What a text message says, in order. */
    List<ServiceMessage> decode(String text);

    /** What a binary message says, in order; where nothing is binary by itself, it is text in another frame. */
    default List<ServiceMessage> decode(byte[] data) {
        return decode(new String(data, StandardCharsets.UTF_8));
    }
}
