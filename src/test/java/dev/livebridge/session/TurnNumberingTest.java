package dev.livebridge.session;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.livebridge.message.Base64Text;
import dev.livebridge.message.ClientMessage;
import dev.livebridge.message.EndCause;
import dev.livebridge.message.GatewayMessage;
import dev.livebridge.message.ServerMessage;
import dev.livebridge.session.SessionState.Live;
import dev.livebridge.session.memory.ConversationMemory;
import dev.livebridge.session.token.TokenOwner;
import dev.livebridge.telemetry.Metric;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The client, its reports and the session's clock use the same turn numbers. */
class TurnNumberingTest {

    private static final ServerMessage SOUND = new ServerMessage.Audio(new Base64Text("AAAA"), "audio/pcm;rate=24000");
    private static final ServerMessage TURN_COMPLETE = new ServerMessage.TurnComplete(null);

    private final FakeModel model = FakeModel.speaking();
    private final FakeServices services = new FakeServices(model);
    private final FakeDownstream first = new FakeDownstream(true);
    private final LiveSession session =
            new LiveSession("turns", "live", first, new ConversationMemory(), services.context(), services);

    @AfterEach
    void end() {
        session.end(EndCause.CLIENT_CLOSED, "over");
        await().until(() -> model.open.get() == 0);
    }

    @Test
    void aTurnCompleteThatIsWrittenAfterTheReattachShiftsNoNumber() throws Exception {
        // Given a turnComplete whose write to the first socket has begun but not ended
        begin();
        ask("a");
        model.saysAt(services.now(), SOUND);
        await().until(() -> first.written.contains(SOUND));
        first.stall();
        model.saysAt(services.now(), TURN_COMPLETE);
        await().until(() -> first.outstanding() == 1);
        FakeDownstream second = new FakeDownstream(true);
        assertTrue(session.attach(
                new LiveSession("arrival", "live", second, new ConversationMemory(), services.context(), services),
                sequence(first)));

        // When it ends, and the next turn is answered on the second socket
        first.resume();
        ask("b");
        model.saysAt(services.now(), SOUND, TURN_COMPLETE);
        await().until(() -> second.written.stream().anyMatch(GatewayMessage.Timing.class::isInstance));
        await().until(() -> second.written.contains(TURN_COMPLETE));

        // Then that turn is turn 1 for the client, and for the report about it
        assertEquals(1, second.turns.get(second.written.indexOf(SOUND)));
        assertEquals(1, second.turns.get(second.written.indexOf(TURN_COMPLETE)));
        session.onClientMessages(List.of(new ClientMessage.Beacon(1, 420, null, null)), services.now());
        assertEquals(
                1, services.registry.get(Metric.CLIENT_FIRST_SOUND.id()).timer().count());
        assertEquals(
                0,
                services.registry
                        .get(Metric.CLIENT_REPORTS_IGNORED.id())
                        .counter()
                        .count());
    }

    private void begin() {
        session.onClientMessages(List.of(new ClientMessage.Setup("{}")), services.now());
        await().until(model::connected);
        model.saysAt(
                services.now(),
                new ServerMessage.SetupComplete("{}"),
                new ServerMessage.ResumptionUpdate("h1", true, "{}"));
        await().until(() -> session.state() instanceof Live);
        session.checkDeadlines();
        await().until(() -> first.written.stream().anyMatch(GatewayMessage.ResumeOffer.class::isInstance));
    }

    private void ask(String question) {
        ClientMessage turn = new ClientMessage.UserTurn(question);
        session.onClientMessages(List.of(turn), services.now());
        await().until(() -> model.received.contains(turn));
    }

    private long sequence(FakeDownstream socket) throws Exception {
        GatewayMessage.ResumeOffer offer = (GatewayMessage.ResumeOffer) socket.written.stream()
                .filter(GatewayMessage.ResumeOffer.class::isInstance)
                .findFirst()
                .orElseThrow();
        return services.tokens()
                .open(offer.token(), new TokenOwner("none", null))
                .sequence();
    }
}
