package dev.livebridge.gemini;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.livebridge.Samples;
import dev.livebridge.gemini.CloseCodes.Phase;
import dev.livebridge.gemini.CloseCodes.Row;
import dev.livebridge.message.EndCause;
import dev.livebridge.session.upstream.RetryClass;
import dev.livebridge.session.upstream.UpstreamEnd;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class CloseCodesTest {

    private static final String KEY = "hidden-key-of-a-test";
    private static final CloseCodes CODES = new CloseCodes(Settings.credentials(Map.of("GEMINI_API_KEY", KEY)));

    /**
     * Every row of gemini-live-api.md section 11, as the service words it; B, R, C: before setupComplete without and
     * with a handle, conversation.
     */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "BC|1007|API key not valid. Please pass a valid API key.|UPSTREAM_CREDENTIALS|NEVER",
                "BC|1007|API key expired. Please renew the API key.|UPSTREAM_CREDENTIALS|NEVER",
                "BC|1007|User location is not supported for the API use.|UPSTREAM_REGION|NEVER",
                "B|1007|Request contains an invalid argument.|BAD_SETUP|NEVER",
                "R|1007|Request contains an invalid argument.|UPSTREAM_REJECTED|FRESH",
                "C|1007|Request contains an invalid argument.|UPSTREAM_REJECTED|ONCE",
                "R|1007|Precondition check failed.|UPSTREAM_REJECTED|FRESH",
                "B|1007|Precondition check failed.|BAD_SETUP|NEVER",
                "C|1007|Precondition check failed.|UPSTREAM_REJECTED|NEVER",
                "BC|1007|Cannot extract voices from a non-audio request.|BAD_SETUP|NEVER",
                "BC|1007|The requested combination of response modalities (TEXT) is not supp|BAD_SETUP|NEVER",
                "B|1007|Invalid JSON payload received. Unknown name \"x\" at 'setup': Cannot find|BAD_SETUP|NEVER",
                "C|1007|Invalid JSON payload received. Unknown name \"x\" at '': Cannot|UPSTREAM_REJECTED|NEVER",
                "BC|1007|setup must be the first message and only the first|UPSTREAM_REJECTED|NEVER",
                "BC|1007|Explicit activity control is not supported when automatic act|UPSTREAM_REJECTED|NEVER",
                "B|1007|* BidiGenerateContentRequest.setup.tools[0].function_declarations[3].par|BAD_SETUP|NEVER",
                "C|1007|* BidiGenerateContentRequest.context_update.tools.tools[0].function_declarations[3].par"
                        + "|UPSTREAM_REJECTED|NEVER",
                "B|1007|* GenerateContentRequest.tools[0].function_declarations[0]: Unknown name|BAD_SETUP|NEVER",
                "B|1007|Invalid session handle|UPSTREAM_REJECTED|FRESH",
                "B|1007|gemini-2.0-flash-exp is not supported in the live api.|UPSTREAM_MODEL|NEVER",
                "B|1007|something new|BAD_SETUP|NEVER",
                "C|1007|something new|UPSTREAM_REJECTED|NEVER",
                "B|1008|models/X is not found for API version v1beta, or is not supported|UPSTREAM_MODEL|NEVER",
                "B|1008|models/X is not supported for bidiGenerateContent. Call Model|UPSTREAM_MODEL|NEVER",
                "BR|1008|BidiGenerateContent session not found|UPSTREAM_REJECTED|FRESH",
                "C|1008|BidiGenerateContent session not found|UPSTREAM_LOST|RESUME",
                "BR|1008|Requested entity was not found.|UPSTREAM_REJECTED|FRESH",
                "C|1008|Requested entity was not found.|UPSTREAM_LOST|RESUME",
                "BRC|1008|Your API key was reported as leaked. Please use another API key.|UPSTREAM_CREDENTIALS|NEVER",
                "BRC|1007|Your API key was reported as leaked. Please use another API key.|UPSTREAM_CREDENTIALS|NEVER",
                "BRC|1008|API key expired. Please renew the API key.|UPSTREAM_CREDENTIALS|NEVER",
                "BRC|1011|API key not valid. Please pass a valid API key.|UPSTREAM_CREDENTIALS|NEVER",
                "BRC|1008|This API key is disabled.|UPSTREAM_CREDENTIALS|NEVER",
                "BRC|1008|Generative Language API has not been used in project 1 before|UPSTREAM_CREDENTIALS|NEVER",
                "BRC|1008|Requests to this API generativelanguage method X are blocked.|UPSTREAM_CREDENTIALS|NEVER",
                "BRC|1008|Request had invalid authentication credentials.|UPSTREAM_CREDENTIALS|NEVER",
                "BRC|1008|User location is not supported for the API use.|UPSTREAM_REGION|NEVER",
                "BRC|1008|You exceeded your current quota, please check your plan and|UPSTREAM_QUOTA|LATER",
                "BRC|1013|Resource has been exhausted (e.g. check quota).|UPSTREAM_QUOTA|LATER",
                "BRC|1007|models/X is not found for API version v1, or is not supported|UPSTREAM_MODEL|NEVER",
                "C|1008|Operation is not implemented, or supported, or enabled.|UPSTREAM_LOST|RESUME",
                "B|1008|Operation is not implemented, or supported, or enabled.|BAD_SETUP|NEVER",
                "C|1008|The operation was aborted.|UPSTREAM_LOST|RESUME",
                "B|1008|Method doesn't allow unregistered callers (callers without|UPSTREAM_CREDENTIALS|NEVER",
                "B|1008|The caller does not have permission|UPSTREAM_CREDENTIALS|NEVER",
                "B|1008||UPSTREAM_REJECTED|NEVER",
                "C|1008||UPSTREAM_CLOSED|RESUME",
                "BC|1011|Internal error encountered.|UPSTREAM_LOST|RESUME",
                "BC|1011|Internal error occurred.|UPSTREAM_LOST|RESUME",
                "BC|1011|Deadline expired before operation could complete.|UPSTREAM_LOST|RESUME",
                "BC|1011|The service is currently unavailable.|UPSTREAM_LOST|RESUME",
                "BC|1011|You exceeded your current quota, please check your plan and|UPSTREAM_QUOTA|LATER",
                "BC|1011|Resource has been exhausted (e.g. check quota).|UPSTREAM_QUOTA|LATER",
                "BC|1011|Your prepayment credits are depleted. Please|UPSTREAM_QUOTA|NEVER",
                "B|1011|Token has been used too many times|UPSTREAM_CREDENTIALS|NEVER",
                "C|1011|auth token has expired|UPSTREAM_CREDENTIALS|NEVER",
                "B|1011|Token has expired|UPSTREAM_CREDENTIALS|NEVER",
                "C|1011|keepalive ping timeout|UPSTREAM_LOST|RESUME",
                "BC|1011||UPSTREAM_LOST|RESUME",
                "B|1006||UPSTREAM_UNREACHABLE|RESUME",
                "C|1006||UPSTREAM_LOST|RESUME",
                "BC|1000||UPSTREAM_CLOSED|RESUME",
                "B|1005||UPSTREAM_UNREACHABLE|RESUME",
                "C|1005||UPSTREAM_LOST|RESUME",
                "BC|1001||UPSTREAM_LOST|RESUME",
                "BC|1012||UPSTREAM_LOST|RESUME",
                "BC|1013||UPSTREAM_LOST|RESUME",
                "C|1009||UPSTREAM_REJECTED|NEVER",
                "BC|4999||UPSTREAM_LOST|RESUME",
            })
    void translatesWhatGeminiSays(String phases, int code, String reason, EndCause cause, RetryClass retry) {
        for (Phase phase : phases(phases)) {
            UpstreamEnd end = CODES.translate(code, reason, phase);

            assertEquals(code, end.code());
            assertEquals(cause, end.cause(), end.message());
            assertEquals(retry, end.retry(), end.message());
            if (reason != null) {
                assertTrue(end.message().endsWith(" Reason given: " + reason.strip()), end.message());
            }
        }
    }

    private static List<Phase> phases(String letters) {
        List<Phase> phases = new ArrayList<>();
        if (letters.contains("B")) {
            phases.add(Phase.BEFORE_SETUP_COMPLETE);
        }
        if (letters.contains("R")) {
            phases.add(Phase.RESUMPTION);
        }
        if (letters.contains("C")) {
            phases.add(Phase.CONVERSATION);
        }
        return phases;
    }

    @Test
    void theReasonIsReadInAnyLetterCase() {
        assertEquals(
                EndCause.UPSTREAM_CREDENTIALS,
                CODES.translate(1007, "API KEY NOT VALID", Phase.BEFORE_SETUP_COMPLETE)
                        .cause());
    }

    @Test
    void theMessageSaysWhatHappenedAndWhatToDoAndWhatGeminiSaid() {
        assertEquals(
                "Gemini does not accept the service's API key. The operator must set a valid GEMINI_API_KEY."
                        + " Reason given: API key not valid. Please pass a valid API key.",
                CODES.translate(1007, "API key not valid. Please pass a valid API key.", Phase.BEFORE_SETUP_COMPLETE)
                        .message());
    }

    @ParameterizedTest
    @EnumSource(Phase.class)
    void theKeyIsTakenOutOfTheReason(Phase phase) {
        UpstreamEnd end = CODES.translate(1007, "API key not valid: " + KEY + "\r\nforged line", phase);

        assertFalse(end.message().contains(KEY), end.message());
        assertTrue(end.message().endsWith("API key not valid: [secret] forged line"), end.message());
    }

    /** The twenty closings of the sample, and the endings of resumption and of old age. */
    static Stream<JsonNode> recordedClosings() {
        return Stream.of("11-error-closings.jsonl", "08b-resumption-failures.jsonl", "08c-goaway-close-variants.jsonl")
                .flatMap(file -> Samples.lines(file).stream())
                .filter(line -> line.path("frame").asText().equals("close")
                        && line.path("dir").asText().equals("s2c"));
    }

    @ParameterizedTest
    @MethodSource
    void recordedClosings(JsonNode line) {
        int code = line.get("code").asInt();
        String reason = line.path("reason").asText();

        for (Phase phase : Phase.values()) {
            boolean known = CODES.rows().stream()
                    .anyMatch(row -> row.reason() != null && row.fits(code, reason.toLowerCase(Locale.ROOT), phase));
            boolean onlyBeforeSetup = reason.contains("Precondition");
            assertTrue(
                    known || reason.isEmpty() || (onlyBeforeSetup && phase == Phase.CONVERSATION),
                    "no row of its own for " + code + " " + reason);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "400|API key not valid. Please pass a valid API key.|UPSTREAM_CREDENTIALS|NEVER",
                "400|API key expired. Please renew the API key.|UPSTREAM_CREDENTIALS|NEVER",
                "400|User location is not supported for the API use.|UPSTREAM_REGION|NEVER",
                "400|Bad things.|UPSTREAM_REJECTED|NEVER",
                "401|Request had invalid authentication credentials.|UPSTREAM_CREDENTIALS|NEVER",
                "403|Method doesn't allow unregistered callers.|UPSTREAM_CREDENTIALS|NEVER",
                "403|The caller does not have permission.|UPSTREAM_CREDENTIALS|NEVER",
                "404|models/x is not found for API version v1beta, or is not supp|UPSTREAM_MODEL|NEVER",
                "404|Not Found|UPSTREAM_UNREACHABLE|NEVER",
                "408|Late.|UPSTREAM_UNREACHABLE|RESUME",
                "429|You exceeded your current quota.|UPSTREAM_QUOTA|LATER",
                "500|An internal error has occurred.|UPSTREAM_UNREACHABLE|RESUME",
                "502|Bad gateway|UPSTREAM_UNREACHABLE|RESUME",
                "503|The model is overloaded.|UPSTREAM_UNREACHABLE|RESUME",
                "504|Late.|UPSTREAM_UNREACHABLE|RESUME",
                "302|Moved|UPSTREAM_UNREACHABLE|NEVER",
                "418|I am a teapot|UPSTREAM_UNREACHABLE|NEVER",
            })
    void translatesHttpRefusals(int status, String words, EndCause cause, RetryClass retry) {
        String body = "{\"error\":{\"code\":" + status + ",\"message\":\"" + words + "\",\"status\":\"X\"}}";

        for (String form : List.of(body, "[" + body + "]", words)) {
            UpstreamEnd end = CODES.translateHttp(status, form);

            assertEquals(1006, end.code());
            assertEquals(cause, end.cause(), end.message());
            assertEquals(retry, end.retry(), end.message());
            assertTrue(end.message().endsWith(" Reason given: " + words), end.message());
        }
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "null",
            value = {"null", "''", "'<html><title>404</title></html>'", "'{}'", "'{\"error\":\"x\"}'"})
    void anHttpRefusalWithoutWordsNamesItsStatus(String body) {
        String message = CODES.translateHttp(404, body).message();

        assertTrue(message.endsWith(" Reason given: HTTP status 404"), message);
    }

    @Test
    void noRowIsHiddenByOneBeforeIt() {
        Set<Row> reached = new HashSet<>();
        for (Row row : CODES.rows()) {
            for (Phase phase : Phase.values()) {
                String reason = row.reason() == null ? "" : row.reason();
                CODES.rows().stream()
                        .filter(other -> other.fits(row.code() == null ? 1008 : row.code(), reason, phase))
                        .findFirst()
                        .ifPresent(reached::add);
            }
        }

        assertEquals(new HashSet<>(CODES.rows()), reached);
    }

    @Test
    void everyRowIsCompleteAndSpeaksToPeople() {
        for (Row row : CODES.rows()) {
            assertNotEquals(RetryClass.FRESH, row.reason() == null ? row.retry() : null, row.toString());
            for (String sentence : List.of(row.message(), row.remedy())) {
                assertTrue(sentence.matches("[A-Z].*\\.") && sentence.length() <= 160, sentence);
            }
            if (row.reason() != null) {
                assertEquals(row.reason().toLowerCase(Locale.ROOT), row.reason());
            }
        }
    }
}
