package dev.livebridge.bridge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The snippets of {@code docs/sdk.md} are parts of programs that the tests run. */
class SdkPageTest {

    private static final Pattern SNIPPET = Pattern.compile("(?s)// docs:[a-z]+\\n(.*?)\\n *// docs:end");
    private static final Pattern BLOCK = Pattern.compile("(?s)```js\\n(.*?)\\n```");

    private static List<String> all(Pattern pattern, String text) {
        List<String> found = new ArrayList<>();
        for (Matcher matcher = pattern.matcher(text); matcher.find(); ) {
            found.add(matcher.group(1).stripIndent());
        }
        return found;
    }

    @Test
    void theSnippetsOfThePageAreThoseOfTheTestedProgram() throws IOException {
        List<String> tested = all(SNIPPET, Files.readString(Path.of("src/test/sdk/tokens.mjs")));

        assertTrue(tested.size() >= 2, tested::toString);
        assertEquals(tested, all(BLOCK, Files.readString(Path.of("docs/sdk.md"))));
    }
}
