package dev.livebridge.limits;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.livebridge.message.Base64Text;
import dev.livebridge.message.ClientMessage;
import dev.livebridge.message.ServerMessage;
import dev.livebridge.message.ServerMessage.Modality;
import dev.livebridge.message.ServerMessage.Usage;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TokenEstimateTest {

    private final TokenEstimate estimate = new TokenEstimate();

    @Test
    void eachKindOfInputHasItsPrice() {
        estimate.onClientMessage(new ClientMessage.UserTurn("12345"));
        estimate.onClientMessage(new ClientMessage.Video(new Base64Text("AAAA"), "image/jpeg"));
        estimate.onClientMessage(
                new ClientMessage.ToolResponse(List.of(new ClientMessage.FunctionResult("f", "{\"a\":12}"))));
        estimate.onServerMessage(new ServerMessage.Text("12345678", false));

        Usage usage = estimate.estimateTurn();

        assertEquals(Map.of(Modality.TEXT, 4, Modality.IMAGE, 258), usage.input());
        assertEquals(Map.of(Modality.TEXT, 2), usage.output());
        assertEquals(264, usage.totalTokens());
    }

    @Test
    void instructionAndDeclarationsArePartOfEveryTurn() {
        estimate.onSetup("{\"systemInstruction\":{\"parts\":[{\"text\":\"12345678\"}]},\"tools\":[{\"x\":1}]}");
        estimate.onClientMessage(new ClientMessage.UserTurn("1234"));
        int first = estimate.estimateTurn().promptTokens();
        estimate.onClientMessage(new ClientMessage.UserTurn("1234"));

        assertEquals(6, first, "8 and 9 characters, and 4");
        assertEquals(7, estimate.estimateTurn().promptTokens());
    }

    @Test
    void theWindowOfTheModelBoundsWhatIsCountedAgain() {
        estimate.onClientMessage(new ClientMessage.RealtimeText("x".repeat(4 * 131_072)));
        estimate.estimateTurn();
        estimate.onClientMessage(new ClientMessage.RealtimeText("x".repeat(40)));

        assertEquals(131_072, estimate.estimateTurn().promptTokens());
    }

    @Test
    void silenceAndSignalsOpenNoTurn() {
        estimate.onClientMessage(ClientMessage.Signal.AUDIO_STREAM_END);
        estimate.onServerMessage(new ServerMessage.GenerationComplete());
        assertFalse(estimate.hasUnreported());

        estimate.onClientMessage(new ClientMessage.UserTurn("hello"));
        assertTrue(estimate.hasUnreported());
        estimate.onTurnReported();
        assertFalse(estimate.hasUnreported());
    }

    @ParameterizedTest
    @CsvSource({
        "audio/pcm;rate=16000, 25",
        "audio/pcm;rate=8000, 50",
        "audio/pcm, 25",
        "audio/pcm;rate=, 25",
        "audio/pcm;rate=0, 25",
        "audio/pcm;rate=x, 25",
        "audio/pcm;rate=99999999999999999999, 1"
    })
    void aRateThatCantBeReadIsTheUsualOne(String mimeType, int tokens) {
        estimate.onClientMessage(new ClientMessage.Audio(Base64Text.encode(new byte[32_000]), mimeType));

        assertEquals(Map.of(Modality.AUDIO, tokens), estimate.estimateTurn().input());
    }
}
