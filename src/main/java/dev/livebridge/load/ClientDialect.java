package dev.livebridge.load;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A wire format as one client speaks it on one connection. Sound is PCM, 16 bit, mono; up 16 kHz, down 24 kHz. */
interface ClientDialect {

    /** Where on the service it is spoken. */
    String path();

    /** Whether a {@link Heard.Ready} answers the first message. Where none does, the talk begins at once. */
    boolean tellsReady();

    /**
     * The first message of a new conversation.
     *
     * @param instruction for the model; empty for none
     */
    Frame setup(String instruction);

    /** The first message of a connection that takes a conversation over; {@code null} where there is no such thing. */
    @Nullable
    Frame resume(String token);

    /** A chunk of what the microphone heard. */
    Frame sound(byte[] pcm);

    /** What a text message says, in order. */
    List<Heard> hear(String text);

    /** What a binary message says, in order. */
    List<Heard> hear(byte[] data);
}
