package dev.livebridge.session.upstream;

import dev.livebridge.message.ClientMessage;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A {@link ClientMessage.ContextUpdate}, fitted to the model.
 *
 * @param update the message for the model, {@code null} when nothing of it is left
 * @param setup the client's setup with the update applied, for the next connections
 * @param notices what was left out or changed, and why
 */
public record ContextChange(
        ClientMessage.@Nullable ContextUpdate update, ClientMessage.Setup setup, List<String> notices) {

    public ContextChange {
        notices = List.copyOf(notices);
    }
}
