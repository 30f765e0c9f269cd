package dev.livebridge.management;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.livebridge.session.SessionRegistry;
import dev.livebridge.session.SessionSummary;
import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import io.quarkus.vertx.http.ManagementInterface;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code GET /q/livebridge/sessions}: the open sessions, for operators, as JSON, or as HTML if the client prefers it.
 * Holds ids, states and figures, but no content, users or addresses.
 */
@Singleton
class SessionsRoute {

    private static final String PATH = "/q/livebridge/sessions";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final SessionRegistry sessions;
    private final OperatorAccess operators;

    SessionsRoute(SessionRegistry sessions, OperatorAccess operators) {
        this.sessions = sessions;
        this.operators = operators;
    }

    void register(@Observes ManagementInterface management) {
        management.router().get(PATH).handler(operators::check).blockingHandler(this::answer, false);
    }

    private void answer(RoutingContext request) {
        List<SessionSummary> open = sessions.summaries().stream()
                .sorted(Comparator.comparing(SessionSummary::age).reversed())
                .toList();
        request.response().putHeader("Cache-Control", "no-store").putHeader("X-Content-Type-Options", "nosniff");
        if ("text/html".equals(preferred(request.request().getHeader("Accept")))) {
            request.response()
                    .putHeader("Content-Type", "text/html; charset=utf-8")
                    .putHeader("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'")
                    .end(Templates.sessions(open, sessions.capacity(), sessions.draining())
                            .render());
        } else {
            request.response().putHeader("Content-Type", "application/json").end(json(open));
        }
    }

    /** HTML if it is the first of the accepted types, as in browsers; otherwise JSON. */
    private static String preferred(@Nullable String accept) {
        return accept != null && accept.startsWith("text/html") ? "text/html" : "application/json";
    }

    private String json(List<SessionSummary> open) {
        ObjectNode answer = JSON.createObjectNode()
                .put("active", open.size())
                .put("capacity", sessions.capacity())
                .put("draining", sessions.draining());
        ArrayNode list = answer.putArray("sessions");
        for (SessionSummary session : open) {
            list.addObject()
                    .put("id", session.id())
                    .put("dialect", session.dialect())
                    .put("state", session.state())
                    .put("model", session.model())
                    .put("ageSeconds", session.age().toSeconds())
                    .put("quietSeconds", session.quiet().toSeconds())
                    .put("queueBytesUp", session.queueBytesUp())
                    .put("queueBytesDown", session.queueBytesDown())
                    .put("bytesPerSecondUp", session.bytesPerSecondUp())
                    .put("bytesPerSecondDown", session.bytesPerSecondDown());
        }
        return answer.toString();
    }

    @CheckedTemplate(basePath = "", requireTypeSafeExpressions = false)
    static final class Templates {

        private Templates() {}

        static native TemplateInstance sessions(List<SessionSummary> open, int capacity, boolean draining);
    }
}
