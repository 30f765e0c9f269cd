package dev.livebridge.session;

import static java.util.Objects.requireNonNull;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.livebridge.message.AgentPart;
import dev.livebridge.message.AgentSetup;
import dev.livebridge.message.ClientMessage;
import dev.livebridge.message.EndCause;
import dev.livebridge.message.GatewayMessage;
import dev.livebridge.message.GatewayMessage.Memory;
import dev.livebridge.message.ServerMessage;
import dev.livebridge.session.memory.Continuation;
import dev.livebridge.session.memory.ConversationMemory;
import dev.livebridge.session.upstream.RetryClass;
import dev.livebridge.session.upstream.UpstreamEnd;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Updates of the context, members that are left out, and conversations that go on from a handle. */
class ContextUpdateTest {

    private static final ClientMessage.ContextUpdate UPDATE = new ClientMessage.ContextUpdate("{\"tools\":{}}");

    private static long problems(ConversationFixture talk, String code) {
        return talk.client.written.stream()
                .filter(message -> message instanceof GatewayMessage.Problem problem
                        && problem.code().equals(code))
                .count();
    }

    @Test
    void goesUpInOrderAndIsKnownToEveryLaterConnection() {
        // Given
        ConversationFixture talk = new ConversationFixture();

        // When
        talk.says(ConversationFixture.typed("before"), UPDATE, ConversationFixture.typed("after"));

        // Then
        await().until(() -> talk.model.received.size() == 3);
        assertEquals(
                List.of(ConversationFixture.typed("before"), UPDATE, ConversationFixture.typed("after")),
                talk.model.received);
        assertEquals(1, problems(talk, "left_out"), "what was changed is told");
        assertEquals(
                UPDATE.json(),
                requireNonNull(talk.session.scope().memory().snapshot()).setup().json(),
                "a token knows it, too");

        talk.model.listener().onClosed(ConversationFixture.BROKEN);
        talk.awaitReconnected(2, Memory.REBUILT);
        assertEquals(List.of(new ClientMessage.Setup("{}"), new ClientMessage.Setup(UPDATE.json())), talk.model.setups);
        talk.over();
    }

    @Test
    void thatCantBeHonouredEndsTheConversation() {
        // Given
        ConversationFixture talk = new ConversationFixture();
        talk.model.contextRefusal = new UpstreamEnd(1007, EndCause.BAD_SETUP, RetryClass.NEVER, "Too long.");

        // When
        talk.says(UPDATE);

        // Then
        await().until(() -> problems(talk, "bad_message") == 1);
        assertEquals(List.of(), talk.model.received);
        assertTrue(talk.told(message -> message instanceof GatewayMessage.Problem problem
                && problem.message().equals("Too long.")));
    }

    @Test
    void whatIsLeftOutIsToldOnce() {
        // Given
        ConversationFixture talk = new ConversationFixture();

        // When
        talk.says(ConversationFixture.typed("a"), new ClientMessage.LeftOut(List.of("realtimeInput.novel")));
        talk.says(ConversationFixture.typed("b"), new ClientMessage.LeftOut(List.of("realtimeInput.novel")));

        // Then
        await().until(() -> talk.model.received.size() == 2);
        await().until(() -> problems(talk, "left_out") == 1);
        talk.over();
        assertEquals(1, problems(talk, "left_out"));
        assertEquals(List.of(ConversationFixture.typed("a"), ConversationFixture.typed("b")), talk.model.received);
    }

    @ParameterizedTest
    @EnumSource(names = {"INSTRUCTION", "VOICE"})
    void anUnknownMessagePassesOnlyAnAgentThatLetsClientsReplaceItsInstruction(AgentPart replaceable) {
        // Given
        FakeModel model = FakeModel.speaking();
        ConversationFixture talk = ConversationFixture.unopened(model);
        AgentSetup agent =
                new AgentSetup("desk", "1", "{}", List.of(), Set.of(replaceable), true, AgentSetup.Limits.NONE);
        talk.says(new ClientMessage.Setup("{}", null, agent));
        talk.confirmed(1);
        await().until(() -> talk.session.state() instanceof SessionState.Live);
        ClientMessage unknown = new ClientMessage.Unknown("", "novelMessage", "{}");

        // When
        talk.says(unknown);

        // Then
        if (replaceable == AgentPart.INSTRUCTION) {
            await().until(() -> model.received.equals(List.of(unknown)));
            talk.over();
        } else {
            await().until(() -> talk.services.endings.size() == 1);
            assertEquals(1, problems(talk, EndCause.AGENT_OVERRIDE.label()));
            assertEquals(List.of(), model.received);
        }
    }

    private static LiveSession resumedBy(FakeDownstream client, FakeServices services) {
        LiveSession session =
                new LiveSession("handle", "gemini", client, new ConversationMemory(), services.context(), services);
        session.onClientMessages(
                List.of(new ClientMessage.Setup("{}", new ClientMessage.Resumption("h1", "m"))), services.now());
        return session;
    }

    @Test
    void aHandleThatTheClientBringsIsTheFirstConnectionsContinuation() {
        // Given
        FakeModel model = FakeModel.speaking();
        FakeServices services = new FakeServices(model);
        FakeDownstream client = new FakeDownstream();

        // When
        LiveSession session = resumedBy(client, services);

        // Then
        await().until(() -> model.open.get() == 1);
        assertEquals(List.of(new Continuation.Resumed("h1", "m")), model.continuations);
        assertEquals(List.of(new ClientMessage.Setup("{}")), model.setups);
        model.saysAt(services.now(), new ServerMessage.SetupComplete("{}"));
        await().until(() -> client.written.stream().anyMatch(GatewayMessage.Ready.class::isInstance));
        session.end(EndCause.CLIENT_CLOSED, "over");
    }

    /** A conversation from nothing would look like the one that the client asked for. */
    @Test
    void aHandleThatGeminiNoLongerKnowsEndsTheConversation() {
        // Given
        FakeModel model = FakeModel.speaking();
        model.refuse(ConversationFixture.UNKNOWN_HANDLE);
        FakeServices services = new FakeServices(model);
        FakeDownstream client = new FakeDownstream();

        // When
        resumedBy(client, services);

        // Then
        await().until(() -> services.endings.size() == 1);
        assertEquals(1, model.dialled.get());
        assertTrue(client.written.stream()
                .anyMatch(message -> message instanceof GatewayMessage.Problem problem
                        && problem.code().equals(EndCause.UPSTREAM_REJECTED.label())));
    }

    @Test
    void aHandleIsTriedAgainWhenTheConnectionIsToBlame() {
        // Given
        FakeModel model = FakeModel.speaking();
        model.refuseOnce(ConversationFixture.BROKEN);
        FakeServices services = new FakeServices(model);

        // When
        LiveSession session = resumedBy(new FakeDownstream(), services);

        // Then
        await().until(() -> model.open.get() == 1);
        assertEquals(
                List.of(new Continuation.Resumed("h1", "m"), new Continuation.Resumed("h1", "m")), model.continuations);
        session.end(EndCause.CLIENT_CLOSED, "over");
    }
}
