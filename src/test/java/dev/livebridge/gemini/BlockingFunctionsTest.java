package dev.livebridge.gemini;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.livebridge.json.MalformedJsonException;
import dev.livebridge.json.StrictJson;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BlockingFunctionsTest {

    @Test
    void theyAreDeclaredByNameOrNumberInAnyTool() throws MalformedJsonException {
        String setup = """
                {"tools":[{"googleSearch":{}},{"functionDeclarations":[
                  {"name":"a","behavior":"BLOCKING"},{"name":"b","behavior":"NON_BLOCKING"},{"name":"c"},
                  {"name":"d","behavior":1},{"name":"e","behavior":2}]},
                  {"functionDeclarations":[{"name":"f","behavior":"BLOCKING"}]}]}""";

        assertEquals(Set.of("a", "d", "f"), BlockingFunctions.of(StrictJson.read(setup)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"tools\":7}", "{\"tools\":[7]}", "{\"tools\":[{\"functionDeclarations\":{}}]}"})
    void anOddSetupHasNone(String setup) throws MalformedJsonException {
        assertEquals(Set.of(), BlockingFunctions.of(StrictJson.read(setup)));
    }
}
