package dev.livebridge.browser.dialect;

import dev.livebridge.message.ClientMessage;
import java.io.Serial;
import java.util.List;

/** A client's frame is invalid. The message names the fault and never quotes the content. */
public final class BadInputException extends Exception {

    @Serial
    private static final long serialVersionUID = 1L;

    private final String code;
    private final String sentence;
    private final transient List<ClientMessage> understood;

    /**
     * A fault in a frame.
     *
     * @param code stable, snake_case: {@code bad_json}, {@code bad_shape}, {@code bad_mime_type}, {@code bad_base64},
     *     {@code bad_pcm}, {@code bad_frame}, {@code bad_handle}, {@code not_allowed}
     * @param message one sentence for the developer of the client, without content
     * @param understood the valid messages of the frame; they are still passed on
     */
    public BadInputException(String code, String message, List<ClientMessage> understood) {
        super(message, null, false, false);
        this.code = code;
        this.sentence = message;
        this.understood = List.copyOf(understood);
    }

    @Override
    public String getMessage() {
        return sentence;
    }

    /** The stable code. */
    public String code() {
        return code;
    }

    /** The valid messages of the frame. */
    public List<ClientMessage> understood() {
        return understood;
    }
}
