package dev.livebridge.access.request;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.startsWith;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code POST auth_tokens}: the callers who may issue, the answers and the refusals. */
@QuarkusTest
@TestProfile(AccessProfile.class)
class EphemeralTokenRouteTest extends EphemeralTokenFixture {

    @ParameterizedTest
    @CsvSource({
        "v1, x-goog-api-key",
        "v1beta, x-goog-api-key",
        "v1alpha, x-goog-api-key",
        "v1alpha, key",
        "v1alpha, bearer",
        "v1alpha, jwt",
    })
    void aCallerWithTheRoleIssuesOnEveryVersionWithEveryCarrier(String version, String carrier) throws Exception {
        String key = key("server");
        Map<String, String> headers = switch (carrier) {
            case "x-goog-api-key" -> Map.of("x-goog-api-key", key);
            case "bearer" -> Map.of("Authorization", "Bearer " + key);
            case "jwt" ->
                Map.of(
                        "Authorization",
                        "Bearer "
                                + Issuer.read(directory)
                                        .token("alice", claims -> claims.setStringListClaim("groups", "mint")));
            default -> Map.of();
        };
        String query = carrier.equals("key") ? "?key=" + key : "";

        post(version + "/auth_tokens" + query, headers, "").statusCode(200).body("name", startsWith("auth_tokens/"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "none | {} | 403 | PERMISSION_DENIED | Method doesn't allow unregistered callers",
                "page | {} | 403 | PERMISSION_DENIED | The caller does not have permission.",
                "former | {} | 400 | INVALID_ARGUMENT | API key expired. Please renew the API key.",
                "revoked | {} | 400 | INVALID_ARGUMENT | API key not valid. Please pass a valid API key.",
                "server | {\"liveConnectConstraints\":{}} | 400 | INVALID_ARGUMENT | Invalid JSON payload received. Unknown"
                        + " name \"liveConnectConstraints\": Cannot find field.",
                "server | {\"uses\":-1} | 400 | INVALID_ARGUMENT | uses must not be negative; 0 is no limit.",
            })
    void aRefusalHasGooglesShape(String id, String body, int code, String status, String words) throws IOException {
        Map<String, String> headers = id.equals("none") ? Map.of() : Map.of("x-goog-api-key", key(id));

        post("v1beta/auth_tokens", headers, body)
                .statusCode(code)
                .contentType("application/json")
                .body("error.code", equalTo(code))
                .body("error.status", equalTo(status))
                .body("error.message", startsWith(words));
    }

    @Test
    void aTokenOrATicketIssuesNoToken() throws IOException {
        String token = issue("{\"uses\":0}");
        String ticket = given().header("Authorization", "Bearer " + key("server"))
                .post(server + "api/tickets")
                .then()
                .extract()
                .path("protocols[1]");

        post("v1alpha/auth_tokens", Map.of("x-goog-api-key", token), "").statusCode(403);
        post("v1alpha/auth_tokens", Map.of("Authorization", "Token " + token), "")
                .statusCode(403);
        post("v1alpha/auth_tokens?access_token=" + token, Map.of(), "").statusCode(403);
        post("v1alpha/auth_tokens", Map.of("Sec-WebSocket-Protocol", ticket), "")
                .statusCode(403);
        post("v1alpha/auth_tokens", Map.of("Authorization", "Bearer nonsense"), "")
                .statusCode(401)
                .body("error.status", equalTo("UNAUTHENTICATED"));
    }

    @Test
    void aForeignPageGetsNone() throws IOException {
        post("v1alpha/auth_tokens", Map.of("x-goog-api-key", key("server"), "Origin", "https://evil.example"), "")
                .statusCode(403);
    }

    @Test
    void tokensCantBeReadListedOrDeleted() throws IOException {
        Map<String, String> headers = Map.of("x-goog-api-key", key("server"));
        String token = issue("");

        for (String path : List.of("v1alpha/auth_tokens", "v1alpha/" + token)) {
            given().headers(headers)
                    .get(server + path)
                    .then()
                    .statusCode(404)
                    .body("error.status", equalTo("NOT_FOUND"));
            given().headers(headers)
                    .delete(server + path)
                    .then()
                    .statusCode(404)
                    .body("error.status", equalTo("NOT_FOUND"));
        }
    }

    @Test
    void aSetupThatIsTooLargeIsRefusedWithASentence() throws IOException {
        Map<String, String> headers = Map.of("x-goog-api-key", key("server"));
        StringBuilder instruction = new StringBuilder();
        for (int i = 0; i < 3_000; i++) {
            instruction.append(i * 7_919 % 10_007).append(' ');
        }

        post(
                        "v1alpha/auth_tokens",
                        headers,
                        "{\"bidiGenerateContentSetup\":{\"systemInstruction\":{\"parts\":[{\"text\":\"" + instruction
                                + "\"}]}}}")
                .statusCode(400)
                .body("error.message", containsString("The locked setup is too large"));
        post("v1alpha/auth_tokens", headers, " ".repeat(40_000)).statusCode(413);
    }
}
