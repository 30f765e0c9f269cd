package dev.livebridge.load;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A wire format, as one client uses it on one connection. Sound is PCM, 16 bit, mono; up 16 kHz, down 24 kHz. */
interface ClientDialect {

    /** The path of its endpoint. */
    String path();

    /** Where on the service a conversation is resumed. */
    default String resumptionPath() {
        return path();
    }

    /**
     * Whether a {@link ServiceMessage.Ready} answers the first message. Without one, the conversation starts at once.
     */
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

    /** The first message of a connection that resumes a conversation; {@code null} where the dialect has none. */
    default @Nullable Frame resume(String token) {
        return null;
    }

    /** A chunk of microphone audio. */
    Frame sound(byte[] pcm);

    /** Decodes a text message, in order. */
    List<ServiceMessage> decode(String text);

    /** Decodes a binary message, in order; by default its bytes are the text. */
    default List<ServiceMessage> decode(byte[] data) {
        return decode(new String(data, StandardCharsets.UTF_8));
    }
}
