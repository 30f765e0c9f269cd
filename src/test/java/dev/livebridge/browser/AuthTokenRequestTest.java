package dev.livebridge.browser;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.livebridge.browser.dialect.BadInputException;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AuthTokenRequestTest {

    private static final Instant NOW = Instant.parse("2026-12-01T00:00:00Z");

    private static AuthTokenRequest read(String body) throws BadInputException {
        return AuthTokenRequest.read(body.replace('\'', '"'), NOW);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "{}",
                "{'uses':null,'fieldMask':null,'expireTime':null,'newSessionExpireTime':null,"
                        + "'bidiGenerateContentSetup':null}"
            })
    void anEmptyRequestHasTheDefaults(String body) throws BadInputException {
        assertEquals(new AuthTokenRequest(null, NOW.plusSeconds(60), 1, null, List.of()), read(body));
    }

    /** As recorded from the SDKs for JavaScript and Python (captured-rest-auth-tokens-and-models.jsonl). */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'expireTime':'2026-12-01T00:30:00Z','newSessionExpireTime':'2026-12-01T00:01:00Z','uses':1}",
                "{'expireTime': '2026-12-01T00:30:00+00:00', 'newSessionExpireTime': '2026-12-01T00:01:00+00:00', 'uses': 1}",
                "{'expire_time':'2026-12-01T01:30:00.000000+01:00','new_session_expire_time':'2026-12-01T00:01:00Z',"
                        + "'uses':'1'}",
            })
    void timesAndUsesAreReadInAllForms(String body) throws BadInputException {
        assertEquals(new AuthTokenRequest(NOW.plusSeconds(1_800), NOW.plusSeconds(60), 1, null, List.of()), read(body));
    }

    @Test
    void aMaskAloneLocksItsMembersAsUnset() throws BadInputException {
        assertEquals(
                new AuthTokenRequest(null, NOW.plusSeconds(60), 1, "{}", List.of("tools")),
                read("{'fieldMask':'tools'}"));
    }

    @Test
    void setupAndMaskAreReadInBothSpellings() throws BadInputException {
        AuthTokenRequest request = read("{'uses':0,'bidi_generate_content_setup':{'model':'models/gemini-x',"
                + "'generation_config':{'responseModalities':['AUDIO'],'temperature':0.5},'systemInstruction':{'parts':"
                + "[{'text':'Be brief.'}],'role':'user'},'sessionResumption':{}},'field_mask':'model,"
                + "generationConfig.responseModalities,systemInstruction.parts,systemInstruction.role,"
                + "sessionResumption,generationConfig.top_p,tools'}");

        assertEquals(0, request.uses());
        assertEquals(
                "{'model':'models/gemini-x','generationConfig':{'responseModalities':['AUDIO'],'temperature':0.5},"
                                .replace('\'', '"')
                        + "{'systemInstruction':{'parts':[{'text':'Be brief.'}],'role':'user'},'sessionResumption':{}}"
                                .replace('\'', '"')
                                .substring(1),
                request.setup());
        assertEquals(
                List.of(
                        "model",
                        "generationConfig.responseModalities",
                        "systemInstruction.parts",
                        "systemInstruction.role",
                        "sessionResumption",
                        "generationConfig.topP",
                        "tools"),
                request.mask());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "nonsense | Invalid JSON payload received.",
                "[] | Invalid JSON payload received.",
                "{'uses':1,'uses':2} | Invalid JSON payload received.",
                "{'liveConnectConstraints':{}} | Unknown name \"liveConnectConstraints\": Cannot find field.",
                "{'name':'auth_tokens/mine'} | Unknown name \"name\": Cannot find field.",
                "{'fieldMask':'','field_mask':''} | present twice",
                "{'uses':'x'} | Invalid value at 'uses' (TYPE_INT32)",
                "{'uses':1.5} | Invalid value at 'uses' (TYPE_INT32)",
                "{'uses':true} | Invalid value at 'uses' (TYPE_INT32)",
                "{'uses':2147483648} | Invalid value at 'uses' (TYPE_INT32)",
                "{'uses':1e999999999} | Invalid value at 'uses' (TYPE_INT32)",
                "{'uses':'9999999999'} | Invalid value at 'uses' (TYPE_INT32)",
                "{'uses':-1} | uses must not be negative",
                "{'expireTime':1} | Invalid value at 'expire_time' (TYPE_STRING)",
                "{'expireTime':'tomorrow'} | Invalid value at 'expire_time' (type.googleapis.com/google.protobuf.Timestamp)",
                "{'expireTime':'2026-12-01T00:00:00Z'} | expireTime must be in the future.",
                "{'newSessionExpireTime':'2026-11-30T23:59:59Z'} | newSessionExpireTime must be in the future.",
                "{'expireTime':'2026-12-01T20:00:00Z'} | expireTime must be less than 20 hours ahead.",
                "{'newSessionExpireTime':'2027-12-01T20:00:00Z'} | newSessionExpireTime must be less than 20 hours ahead.",
                "{'expireTime':'+999999999-12-31T23:59:59Z'} | expireTime must be less than 20 hours ahead.",
                "{'bidiGenerateContentSetup':1} | bidiGenerateContentSetup must be an object",
                "{'bidiGenerateContentSetup':{'setup':{}}} | Unknown name \"setup\" at 'bidi_generate_content_setup'",
                "{'fieldMask':1} | Invalid value at 'field_mask' (TYPE_STRING)",
                "{'bidiGenerateContentSetup':{},'fieldMask':'foo'} | Invalid field mask",
            })
    void aRequestWithAFaultIsRefused(String body, String words) {
        BadInputException refused = assertThrows(BadInputException.class, () -> read(body));

        assertTrue(String.valueOf(refused.getMessage()).contains(words), refused::toString);
    }
}
