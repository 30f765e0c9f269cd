package dev.livebridge.session;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.livebridge.access.rules.Permissions;
import dev.livebridge.access.rules.Permissions.Otherwise;
import dev.livebridge.message.ClientMessage;
import dev.livebridge.message.ClientMessage.ClientContent;
import dev.livebridge.message.ClientMessage.FunctionResult;
import dev.livebridge.message.ClientMessage.ToolResponse;
import dev.livebridge.message.EndCause;
import dev.livebridge.message.GatewayMessage;
import dev.livebridge.message.ServerMessage;
import dev.livebridge.session.SessionState.Ended;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Pictures of a caller without the permission {@code video}, in each message that can hold one. */
class PictureFilterTest {

    private static final String PICTURE = "{\"inlineData\":{\"mimeType\":\"image/png\",\"data\":\"AAAA\"}}";
    private static final ClientMessage LAST = new ClientMessage.UserTurn("What do you see?");

    private final FakeBudget budget = new FakeBudget("counted");
    private final FakeModel model = FakeModel.speaking();
    private final ConversationFixture talk =
            new ConversationFixture(model, new FakeServices(model), new FakeDownstream().within(budget));

    private void videoIsNotAllowed(Otherwise otherwise) {
        budget.permissions = new Permissions(null, null, null, true, true, true, false, null, null, null, otherwise);
    }

    private static ClientContent turn(String... parts) {
        return new ClientContent(
                "{\"turns\":[{\"role\":\"user\",\"parts\":[" + String.join(",", parts) + "]}],\"turnComplete\":true}",
                List.of());
    }

    /** Sends messages and one more, and waits until the model has the last one. */
    private List<ClientMessage> received(ClientMessage... messages) {
        talk.says(messages);
        talk.says(LAST);
        await().until(() -> talk.model.received.contains(LAST));
        return List.copyOf(talk.model.received);
    }

    @Test
    void realtimePicturesAreLeftOutWithOneReport() {
        videoIsNotAllowed(Otherwise.TELL);

        List<ClientMessage> received =
                received(ConversationFixture.picture("AAAA"), ConversationFixture.picture("BBBB"));

        assertTrue(received.stream().noneMatch(ClientMessage.Video.class::isInstance));
        await().untilAsserted(() -> assertEquals(1, talk.told(GatewayMessage.Problem.class)));
        assertInstanceOf(SessionState.Live.class, talk.session.state());
        talk.over();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                PICTURE,
                "{\"inlineData\":{\"mimeType\":\" IMAGE/JPEG\",\"data\":\"AAAA\"}}",
                "{\"inlineData\":{\"mimeType\":\"video/mp4\",\"data\":\"AAAA\"}}",
                "{\"inlineData\":{\"data\":\"AAAA\"}}",
                "{\"fileData\":{\"mimeType\":\"image/png\",\"fileUri\":\"https://example.com/a\"}}",
                "{\"fileData\":{\"fileUri\":\"https://example.com/a\"}}",
            })
    void picturesInTurnsAreLeftOutAndTheTextStays(String part) {
        videoIsNotAllowed(Otherwise.TELL);

        List<ClientMessage> received = received(turn("{\"text\":\"Look.\"}", part));

        assertTrue(received.contains(turn("{\"text\":\"Look.\"}")), received.toString());
        await().untilAsserted(() -> assertEquals(1, talk.told(GatewayMessage.Problem.class)));
        talk.over();
    }

    @Test
    void aMessageThatHoldsOnlyPicturesIsDropped() {
        videoIsNotAllowed(Otherwise.TELL);

        List<ClientMessage> received = received(turn(PICTURE, PICTURE));

        assertTrue(received.stream().noneMatch(ClientContent.class::isInstance), received.toString());
        await().untilAsserted(() -> assertEquals(1, talk.told(GatewayMessage.Problem.class)));
        talk.over();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"text\":\"Look.\"}",
                "{\"inlineData\":{\"mimeType\":\"audio/pcm;rate=16000\",\"data\":\"AAAA\"}}",
                "{\"functionResponse\":{\"name\":\"f\",\"response\":{\"parts\":[" + PICTURE + "]}}}",
            })
    void turnsWithoutPicturesPassUnchanged(String part) {
        videoIsNotAllowed(Otherwise.REFUSE);

        List<ClientMessage> received = received(turn(part));

        assertTrue(received.contains(turn(part)), received.toString());
        assertEquals(0, talk.told(GatewayMessage.Problem.class));
        talk.over();
    }

    @Test
    void picturesOfFunctionResultsAreLeftOutAndTheResultStays() {
        videoIsNotAllowed(Otherwise.TELL);
        talk.hears(new ServerMessage.ToolCall(Calls.of("c1"), "{}"));
        String result = "{\"id\":\"c1\",\"name\":\"f\",\"response\":{\"output\":1}";

        List<ClientMessage> received =
                received(new ToolResponse(List.of(new FunctionResult("c1", result + ",\"parts\":[" + PICTURE + "]}"))));

        assertTrue(
                received.contains(new ToolResponse(List.of(new FunctionResult("c1", result + "}")))),
                received.toString());
        talk.over();
    }

    @Test
    void picturesOfFunctionResultsInTurnsAreLeftOut() {
        videoIsNotAllowed(Otherwise.TELL);
        String result = "{\"functionResponse\":{\"name\":\"f\",\"response\":{\"output\":1}";

        List<ClientMessage> received = received(turn(result + ",\"parts\":[" + PICTURE + "]}}"));

        assertTrue(received.contains(turn(result + "}}")), received.toString());
        talk.over();
    }

    @Test
    void aPictureEndsTheConversationWhereTheRuleRefuses() {
        videoIsNotAllowed(Otherwise.REFUSE);

        talk.says(turn("{\"text\":\"Look.\"}", PICTURE));

        assertEquals(
                EndCause.POLICY,
                assertInstanceOf(Ended.class, talk.session.state()).cause());
        assertTrue(talk.model.received.stream().noneMatch(ClientContent.class::isInstance));
        talk.over();
    }

    @Test
    void aRealtimePictureEndsTheConversationWhereTheRuleRefuses() {
        videoIsNotAllowed(Otherwise.REFUSE);

        talk.says(ConversationFixture.picture("AAAA"));

        assertEquals(
                EndCause.POLICY,
                assertInstanceOf(Ended.class, talk.session.state()).cause());
        talk.over();
    }

    @Test
    void withThePermissionPicturesPass() {
        List<ClientMessage> received = received(turn(PICTURE), ConversationFixture.picture("AAAA"));

        assertTrue(received.contains(turn(PICTURE)), received.toString());
        assertTrue(received.contains(ConversationFixture.picture("AAAA")), received.toString());
        talk.over();
    }
}
