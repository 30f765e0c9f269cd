package dev.livebridge.simulator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Protobuf JSON as the service reads it: gemini-live-api.md section 3. */
class ClientMessageReaderTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    {"realtime_input":{"audio":{"mime_type":"audio/pcm","data":"-_8"}}} | {"realtimeInput":{"audio":{"mimeType":"audio/pcm","data":"-_8"}}}
                    {"realtimeInput":{"audio":{"mime_type":"audio/pcm","data":"+/8="}}} | {"realtimeInput":{"audio":{"mimeType":"audio/pcm","data":"+/8="}}}
                    {"setup":{"model":"m","tools":null}} | {"setup":{"model":"m"}}
                    {"setup":{"generation_config":{"topK":40.0,"topP":"0.5","temperature":1}}} | {"setup":{"generationConfig":{"topK":40,"topP":0.5,"temperature":1.0}}}
                    {"setup":{"generationConfig":{"topK":"40","seed":7}}} | {"setup":{"generationConfig":{"topK":40,"seed":7}}}
                    {"setup":{"generationConfig":{"responseModalities":[3]}}} | {"setup":{"generationConfig":{"responseModalities":["AUDIO"]}}}
                    {"setup":{"generationConfig":{"responseModalities":"AUDIO"}}} | {"setup":{"generationConfig":{"responseModalities":["AUDIO"]}}}
                    {"setup":{"systemInstruction":{"parts":{"text":"a"}}}} | {"setup":{"systemInstruction":{"parts":[{"text":"a"}]}}}
                    {"setup":{"contextWindowCompression":{"triggerTokens":"25000","sliding_window":{"targetTokens":8000}}}} | {"setup":{"contextWindowCompression":{"triggerTokens":25000,"slidingWindow":{"targetTokens":8000}}}}
                    {"tool_response":{"function_responses":[{"id":"1","response":{"some_key":1,"otherKey":null}}]}} | {"toolResponse":{"functionResponses":[{"id":"1","response":{"some_key":1,"otherKey":null}}]}}
                    {"setup":{"tools":[{"functionDeclarations":[{"name":"f","parameters":{"type":"OBJECT","properties":{"snake_name":{"type":1}}}}]}]}} | {"setup":{"tools":[{"functionDeclarations":[{"name":"f","parameters":{"type":"OBJECT","properties":{"snake_name":{"type":"STRING"}}}}]}]}}
                    {"clientContent":{"turnComplete":true}} | {"clientContent":{"turnComplete":true}}
                    """)
    void understandsEverySpelling(String sent, String understood) throws IOException {
        // When
        String read = new ClientMessageReader(true).read(sent).toString();

        // Then
        assertEquals(JSON.readTree(understood).toString(), read);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    {"hello":{}} | Invalid JSON payload received. Unknown name "hello": Cannot find field.
                    {"clientContent":{"turns":[{"parts":[{"txt":"a"}]}]}} | Invalid JSON payload received. Unknown name "txt" at 'client_content.turns[0].parts[0]': Cannot find field.
                    {"setup":{"speechConfig":{}}} | Invalid JSON payload received. Unknown name "speechConfig" at 'setup': Cannot find field.
                    {"setup":{"generationConfig":{"topK":40.5}}} | Invalid value at 'setup.generation_config.top_k' (TYPE_INT32), 40.5
                    {"setup":{"generationConfig":{"topK":3000000000}}} | Invalid value at 'setup.generation_config.top_k' (TYPE_INT32), 3000000000
                    {"setup":{"generationConfig":{"temperature":"warm"}}} | Invalid value at 'setup.generation_config.temperature' (TYPE_FLOAT), "warm"
                    {"setup":{"model":7}} | Invalid value at 'setup.model' (TYPE_STRING), 7
                    {"realtimeInput":{"audioStreamEnd":1}} | Invalid value at 'realtime_input.audio_stream_end' (TYPE_BOOL), 1
                    {"realtimeInput":{"audio":{"data":"%%"}}} | Invalid value at 'realtime_input.audio.data' (TYPE_BYTES), Base64 decoding failed
                    {"realtimeInput":"hi"} | Invalid value at 'realtime_input', "hi"
                    {} | Request contains an invalid argument.
                    {"realtimeInput":{"text":"a"},"clientContent":{}} | Request contains an invalid argument.
                    [] | Invalid JSON payload received. Expected an object.
                    """)
    void refusesWhatIsNotInTheTables(String sent, String reason) {
        // When
        RefusedException refused = assertThrows(RefusedException.class, () -> new ClientMessageReader(true).read(sent));

        // Then
        assertEquals(1007, refused.code());
        assertEquals(reason, refused.reason());
    }

    @Test
    void refusesAnUnknownEnumerationValueByItsFullName() {
        // When
        RefusedException refused = assertThrows(
                RefusedException.class,
                () -> new ClientMessageReader(true)
                        .read("{\"setup\":{\"generationConfig\":{\"responseModalities\":[\"audio\"]}}}"));

        // Then
        assertEquals(
                "Invalid value at 'setup.generation_config.response_modalities[0]'"
                        + " (type.googleapis.com/google.ai.generativelanguage.v1beta.",
                refused.reason());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    {"setup":
                    not json
                    {"setup":{}} trailing
                    {"setup":{},"setup":{}}
                    """)
    void refusesBrokenJson(String sent) {
        assertEquals(
                1007,
                assertThrows(RefusedException.class, () -> new ClientMessageReader(true).read(sent))
                        .code());
    }

    @Test
    void dropsUnknownFieldsWhenLenient() {
        // When
        String read = new ClientMessageReader(false)
                .read("{\"setup\":{\"model\":\"m\",\"speechConfig\":{}},\"extra\":1}")
                .toString();

        // Then
        assertEquals("{\"setup\":{\"model\":\"m\"}}", read);
    }
}
