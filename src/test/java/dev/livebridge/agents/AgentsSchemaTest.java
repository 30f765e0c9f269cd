package dev.livebridge.agents;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.livebridge.access.rules.InvalidRulesException;
import dev.livebridge.access.rules.YamlMapping;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code docs/agents.schema.json} and the reader agree. */
class AgentsSchemaTest {

    private static List<String> faults(String yaml) throws IOException, InvalidRulesException {
        Schema schema = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(Files.readString(Path.of("docs/agents.schema.json")), InputFormat.JSON);
        String json = YamlValues.json(Objects.requireNonNull(YamlMapping.document(yaml)))
                .toString();
        return schema.validate(json, InputFormat.JSON).stream()
                .map(String::valueOf)
                .toList();
    }

    @Test
    void theExamplesKeepToIt() throws Exception {
        assertEquals(List.of(), faults(Agents.examples()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "agents: []",
                "agents: [{title: A}]",
                "agents: [{name: A b}]",
                "agents: [{name: a, mood: good}]",
                "agents: [{name: a, fallbacks: [b]}]",
                "agents: [{name: a, model: agent-b}]",
                "agents: [{name: a, modalities: [smell]}]",
                "agents: [{name: a, override: [price]}]",
                "agents: [{name: a, transcripts: maybe}]",
                "agents: [{name: a, limits: {minutes: 3}}]",
                "agents: [{name: a, limits: {max-duration: 30}}]",
                "agents: [{name: a, generation: {responseModalities: [AUDIO]}}]",
                "agents: [{name: a, tools: {googleSearch: {}}}]",
                "agents: [{name: a, vars: {x: {type: colour}}}]",
                "agents: [{name: a, vars: {x: {max-length: 0}}}]",
                "agents: [{name: a, vars: {x y: {}}}]",
            })
    void whatItRefusesTheReaderRefusesToo(String yaml) throws Exception {
        assertFalse(faults(yaml).isEmpty(), "the schema takes it");
        assertThrows(InvalidRulesException.class, () -> AgentsReader.read(yaml));
    }
}
