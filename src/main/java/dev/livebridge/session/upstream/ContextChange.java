package dev.livebridge.session.upstream;

import dev.livebridge.message.ClientMessage;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of a {@link ClientMessage.ContextUpdate}.
 *
 * @param update as it goes to the model, {@code null} when nothing of it is left
 * @param setup the client's setup with the update applied, for connections to come
 * @param notices what was left out or changed, and why
 */
public record ContextChange(
        ClientMessage.@Nullable ContextUpdate update, ClientMessage.Setup setup, List<String> notices) {

    public ContextChange {
        notices = List.copyOf(notices);
    }
}
