package dev.livebridge.idp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.livebridge.access.Caller;
import dev.livebridge.access.CallerKind;
import dev.livebridge.access.rules.AccessRules;
import dev.livebridge.access.rules.Rule;
import dev.livebridge.config.LivebridgeConfig;
import io.quarkus.runtime.configuration.DurationConverter;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code docs/access.md} contains the files of {@code deploy/access}, and these files are valid. */
class RecipesTest {

    private static String page() throws IOException {
        return Files.readString(Path.of("docs/access.md"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"company-sso", "own-backend", "sdk-keys", "public-demo"})
    void thePageContainsTheFiles(String recipe) throws IOException {
        String settings = Files.readString(Recipe.folder(recipe).resolve("config.env"));
        String rules = Files.readString(Recipe.folder(recipe).resolve("access.yaml"));

        assertTrue(page().contains("```sh\n" + settings + "```\n"), recipe);
        assertTrue(page().contains("```yaml\n" + rules + "```\n"), recipe);
    }

    @Test
    void thereAreFourRecipes() throws IOException {
        try (var folders = Files.list(Path.of("deploy", "access"))) {
            assertEquals(4, folders.count());
        }
    }

    /** A ticket is bound to an origin that the service must allow as well. */
    @Test
    void theRecipeWithTicketsNamesTheAllowedOrigins() throws IOException {
        String page = page();
        int start = page.indexOf("\n## Own backend\n");
        String section = page.substring(start, page.indexOf("\n## ", start + 1));

        assertTrue(section.contains("LIVEBRIDGE_BROWSER_ALLOWED_ORIGINS"), section);
        assertTrue(section.indexOf("keys make") < section.indexOf("--from-file=access-keys"), section);
    }

    @ParameterizedTest
    @ValueSource(strings = {"company-sso", "own-backend", "sdk-keys", "public-demo"})
    void eachRecipeEnablesAKindOfCaller(String recipe) {
        Map<String, String> settings = Recipe.settings(recipe);

        assertEquals("required", settings.get("livebridge.access.mode"));
        assertEquals("/etc/livebridge/secrets/access-rules", settings.get("livebridge.access.rules-file"));
        assertTrue(
                settings.containsKey("livebridge.access.oidc")
                        || settings.containsKey("livebridge.access.keys-file")
                        || settings.containsKey("livebridge.access.anonymous"),
                settings::toString);
    }

    /** The rules are valid; they admit the recipe's callers under the named rule, and no other. */
    @ParameterizedTest
    @CsvSource({
        "company-sso, PERSON, talk, staff",
        "company-sso, BEARER, talk, staff",
        "company-sso, PERSON, guest, ''",
        "company-sso, KEY, talk, ''",
        "own-backend, TICKET, '', users",
        "own-backend, KEY, mint, ''",
        "sdk-keys, KEY, '', servers",
        "sdk-keys, ANONYMOUS, '', ''",
        "public-demo, ANONYMOUS, '', demo"
    })
    void theRulesAdmitTheCallersOfTheRecipe(String recipe, CallerKind kind, String role, String rule) {
        String file = Recipe.folder(recipe).resolve("access.yaml").toString();
        LivebridgeConfig config = new SmallRyeConfigBuilder()
                .withConverter(Duration.class, 200, new DurationConverter())
                .withMapping(LivebridgeConfig.class)
                .withDefaultValue("livebridge.access.rules-file", file)
                .build()
                .getConfigMapping(LivebridgeConfig.class);
        Set<String> roles = role.isEmpty() ? Set.of() : Set.of(role);

        String found = new AccessRules(config)
                .find(new Caller("oidc:x", kind, roles, "", null, Caller.DEFAULT_RULE))
                .map(Rule::name)
                .orElse("");

        assertEquals(rule, found);
    }
}
