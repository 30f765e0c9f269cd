package dev.livebridge.browser.dialect;

import static dev.livebridge.browser.dialect.TutorialFrames.audio;
import static dev.livebridge.browser.dialect.TutorialFrames.chunk;
import static dev.livebridge.browser.dialect.TutorialFrames.chunks;
import static dev.livebridge.browser.dialect.TutorialFrames.setup;
import static dev.livebridge.browser.dialect.TutorialFrames.video;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.livebridge.message.ClientMessage;
import dev.livebridge.message.ClientMessage.Signal;
import dev.livebridge.message.TranscriptEntry;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The frames of a client that are understood in the tutorial's protocol, and what the operator allows in them. */
class TutorialClientFramesTest {

    private final Dialect dialect = new TutorialDialect();

    static Stream<Arguments> frames() {
        ClientMessage picture = video("/9j/2Q==", "image/jpeg");
        return Stream.of(
                arguments("{}", List.of()),
                arguments("{\"setup\":{\"model\":\"m\"}}", List.of(setup("{\"model\":\"m\"}"))),
                arguments("{\"text\":\"\\u00e9\\\"\"}", List.of(new ClientMessage.UserTurn("é\""))),
                arguments("{\"text\":\"\"}", List.of()),
                arguments("{\"realtime_input\":{}}", List.of()),
                arguments("{\"realtime_input\":null}", List.of()),
                arguments(chunks(chunk("audio/pcm", "AAA=")), List.of(audio("AAA="))),
                arguments(chunks("{\"data\":\"AAA=\",\"mime_type\":\"audio/pcm\"}"), List.of(audio("AAA="))),
                arguments(chunks("{\"mime_type\":\"audio\\/pcm\",\"data\":\"\\u0041AA=\"}"), List.of(audio("AAA="))),
                arguments(chunks(chunk("image/jpeg", "_9j_2Q")), List.of(picture)),
                arguments(chunks("{\"mime_type\":\"image/jpeg\",\"data\":\"\\/9j\\/2Q==\"}"), List.of(picture)),
                arguments(
                        chunks(chunk("audio/pcm", "AAA=") + "," + chunk("image/jpeg", "/9j/2Q==")),
                        List.of(audio("AAA="), picture)),
                arguments(
                        chunks(chunk("audio/pcm", "AAA=") + ",{\"mime_type\":\"image/jpeg\"}"), List.of(audio("AAA="))),
                arguments(chunks(chunk("audio/pcm", "AAA=") + "," + chunk("image/jpeg", "")), List.of(audio("AAA="))),
                arguments(chunks("{\"mime_type\":\"image/jpeg\",\"data\":null},{}"), List.of()),
                arguments(chunks(""), List.of()),
                arguments(
                        "{\"realtimeInput\":{\"mediaChunks\":{\"mimeType\":\"audio/pcm\",\"data\":\"AAA=\"}}}",
                        List.of(audio("AAA="))),
                arguments(
                        "{\"realtime_input\":{\"audio\":{\"mimeType\":\"audio/pcm;rate=48000\",\"data\":\"AAA\"}}}",
                        List.of(audio("AAA=", "audio/pcm;rate=48000"))),
                arguments(
                        "{\"realtime_input\":{\"audio\":{\"mimeType\":\"AUDIO/PCM ; rate=8000\",\"data\":\"AAA\"}}}",
                        List.of(audio("AAA=", "audio/pcm;rate=8000"))),
                arguments(
                        " { \"realtimeInput\" : { \"video\" : { \"mimeType\" : \"image/webp\" , \"data\" : \"AA==\" } } } ",
                        List.of(video("AA==", "image/webp"))),
                arguments(
                        "{\"realtimeInput\":{\"video\":{\"mimeType\":\"image/png\",\"data\":\"AA==\",\"x\":1}}}",
                        List.of(video("AA==", "image/png"))),
                arguments("{\"realtime_input\":{\"text\":\" \"}}", List.of(new ClientMessage.RealtimeText(" "))),
                arguments("{\"realtime_input\":{\"activity_start\":{}}}", List.of(Signal.ACTIVITY_START)),
                arguments("{\"realtimeInput\":{\"activityEnd\":{}}}", List.of(Signal.ACTIVITY_END)),
                arguments("{\"realtime_input\":{\"audio_stream_end\":true}}", List.of(Signal.AUDIO_STREAM_END)),
                arguments("{\"realtime_input\":{\"audioStreamEnd\":false}}", List.of()),
                arguments(
                        """
                        {"realtime_input":{"activity_end":{},"audio_stream_end":true,"text":"t",
                         "video":{"mime_type":"image/jpeg","data":"/9j/2Q=="},
                         "audio":{"mime_type":"audio/pcm","data":"AAA="},
                         "media_chunks":[{"mime_type":"audio/pcm","data":"AQE="}],"activity_start":{},"new":1}}""",
                        List.of(
                                Signal.ACTIVITY_START,
                                audio("AQE="),
                                audio("AAA="),
                                picture,
                                new ClientMessage.RealtimeText("t"),
                                Signal.ACTIVITY_END,
                                Signal.AUDIO_STREAM_END,
                                new ClientMessage.LeftOut(List.of("realtimeInput.new")))),
                arguments(
                        "{\"client_content\":{\"turns\":{\"parts\":{\"text\":\"hi\"}},\"turn_complete\":true}}",
                        List.of(new ClientMessage.ClientContent(
                                "{\"turns\":[{\"parts\":[{\"text\":\"hi\"}]}],\"turnComplete\":true}",
                                List.of(new TranscriptEntry(TranscriptEntry.Role.USER, "hi"))))),
                arguments(
                        "{\"tool_response\":{\"function_responses\":{\"id\":\"1\",\"will_continue\":false,"
                                + "\"response\":{\"snake_key\":1.0,\"camelKey\":null}}}}",
                        List.of(new ClientMessage.ToolResponse(List.of(new ClientMessage.FunctionResult(
                                "1",
                                "{\"id\":\"1\",\"willContinue\":false,"
                                        + "\"response\":{\"snake_key\":1.0,\"camelKey\":null}}"))))),
                arguments(
                        """
                        {"text":"t","realtimeInput":{"text":"r"},"toolResponse":{},"clientContent":{},"unknown":0,
                         "setup":{}}""",
                        List.of(
                                setup("{}"),
                                new ClientMessage.ClientContent("{}", List.of()),
                                new ClientMessage.ToolResponse(List.of()),
                                new ClientMessage.RealtimeText("r"),
                                new ClientMessage.UserTurn("t"),
                                new ClientMessage.LeftOut(List.of("unknown")))),
                // Unknown members are not passed on, at any depth
                arguments(
                        """
                        {"clientContent":{"novel":1,"turns":[{"novel":{},"parts":[{"text":"a","novel":[1]},{"novel":1}]}]},
                         "toolResponse":{"novel":1,"functionResponses":[{"id":"1","novel":{},"response":{"novel":1}}]}}""",
                        List.of(
                                new ClientMessage.ClientContent(
                                        "{\"turns\":[{\"parts\":[{\"text\":\"a\"},{}]}]}",
                                        List.of(new TranscriptEntry(TranscriptEntry.Role.USER, "a"))),
                                new ClientMessage.ToolResponse(List.of(new ClientMessage.FunctionResult(
                                        "1", "{\"id\":\"1\",\"response\":{\"novel\":1}}"))),
                                new ClientMessage.LeftOut(List.of(
                                        "clientContent.novel",
                                        "clientContent.turns[0].novel",
                                        "clientContent.turns[0].parts[0].novel",
                                        "clientContent.turns[0].parts[1].novel",
                                        "toolResponse.novel",
                                        "toolResponse.functionResponses[0].novel")))),
                arguments(
                        "{\"context_update\":{\"system_instruction\":{\"parts\":{\"text\":\"a\"}},"
                                + "\"tools\":{\"tools\":{\"google_search\":{}}},\"model\":\"other\"}}",
                        List.of(
                                new ClientMessage.ContextUpdate("{\"systemInstruction\":{\"parts\":[{\"text\":\"a\"}]},"
                                        + "\"tools\":{\"tools\":[{\"googleSearch\":{}}]}}"),
                                new ClientMessage.LeftOut(List.of("contextUpdate.model")))));
    }

    @ParameterizedTest
    @MethodSource
    void frames(String text, List<ClientMessage> expected) throws BadInputException {
        assertEquals(expected, dialect.decode(text));
        assertEquals(expected, dialect.decode(text.getBytes(StandardCharsets.UTF_8)), "as a binary frame");
    }

    static Stream<Arguments> filesAnywhere() {
        String file = "{\"file_data\":{\"fileUri\":\"https://example.org/files/1\"}}";
        return Stream.of(
                arguments(
                        "{\"clientContent\":{\"turns\":[{\"parts\":[" + file + "]}]}}",
                        "clientContent.turns[0].parts[0]"),
                arguments(
                        "{\"clientContent\":{\"turns\":[{\"parts\":[{\"functionResponse\":{\"parts\":[" + file
                                + "]}}]}]}}",
                        "clientContent.turns[0].parts[0].functionResponse.parts[0]"),
                arguments(
                        "{\"toolResponse\":{\"functionResponses\":[{\"id\":\"1\",\"parts\":[" + file + "]}]}}",
                        "toolResponse.functionResponses[0].parts[0]"),
                arguments(
                        "{\"contextUpdate\":{\"systemInstruction\":{\"parts\":[" + file + "]}}}",
                        "contextUpdate.systemInstruction.parts[0]"));
    }

    @ParameterizedTest
    @MethodSource
    void filesAnywhere(String text, String place) throws BadInputException {
        // When
        BadInputException refused = assertThrows(BadInputException.class, () -> dialect.decode(text));
        List<ClientMessage> allowed = new TutorialDialect(new MemberRules(true, false, true)).decode(text);

        // Then
        assertEquals("not_allowed", refused.code());
        assertEquals(place + ".fileData is not allowed here (livebridge.policy.file-uris)", refused.getMessage());
        assertEquals(List.of(), refused.understood());
        assertEquals(1, allowed.size());
        assertTrue(allowed.toString().contains("https://example.org/files/1"), allowed.toString());
    }

    @Test
    void turnsOfTheSystemNeedAFreeInstruction() throws BadInputException {
        String text = "{\"clientContent\":{\"turns\":[{\"role\":\"System\",\"parts\":[{\"text\":\"a\"}]}]}}";

        assertEquals(1, dialect.decode(text).size());
        BadInputException refused = assertThrows(
                BadInputException.class, () -> new TutorialDialect(new MemberRules(true, true, false)).decode(text));
        assertEquals("not_allowed", refused.code());
    }

    @Test
    void unknownMembersPassWhereTheOperatorAllowsThem() throws BadInputException {
        String content = "{\"turns\":[{\"parts\":[{\"text\":\"a\",\"novel\":[1]}]}],\"novel\":1}";

        assertEquals(
                List.of(new ClientMessage.ClientContent(
                        content, List.of(new TranscriptEntry(TranscriptEntry.Role.USER, "a")))),
                new TutorialDialect(new MemberRules(false, true, true)).decode("{\"clientContent\":" + content + "}"));
    }
}
