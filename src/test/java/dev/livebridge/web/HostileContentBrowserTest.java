package dev.livebridge.web;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Download;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Payloads in every member that a model, a tool or another backend can set. On the page no payload is executed, becomes
 * an element or a foreign address, or causes a request or a violation of the content security policy. The exported
 * files are inert, too.
 */
@QuarkusTest
@Tag("browser")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HostileContentBrowserTest {

    /** Each sets {@code window.hacked} if it executes, or fetches from a foreign host if it loads. */
    private static final List<String> PAYLOADS = List.of(
            "<img src=https://evil.example/x.png onerror=\"window.hacked='img'\">",
            "<script>window.hacked='script'</script><script src=https://evil.example/x.js></script>",
            "<svg onload=\"window.hacked='svg'\"><style>*{display:none}</style></svg>",
            "<iframe srcdoc=\"<script>parent.hacked='frame'</script>\" src=https://evil.example/></iframe>",
            "<form action=https://evil.example/><input autofocus onfocus=\"window.hacked='focus'\"><button>x</button></form>",
            "<style>@import url(https://evil.example/x.css);</style><link rel=stylesheet href=https://evil.example/y.css>",
            "\"><a href=\"javascript:window.hacked='attribute'\" style=\"background:url(https://evil.example/z.png)\">x</a>",
            "**b** [a](javascript:window.hacked='link') [d](data:text/html,<script>window.hacked='data'</script>)",
            "**b** ![p](https://evil.example/p.png) [v](vbscript:x) <javascript:window.hacked='auto'>",
            "**b** <math><mtext><table><mglyph><style><!--</style><img title=\"--><img src=x onerror=window.hacked='mxss'>\">",
            "**b** <details open ontoggle=\"window.hacked='toggle'\"><summary>s</summary></details>",
            "- [x] <b onclick=\"window.hacked='click'\">b</b>\n\n| <img src=x onerror=\"window.hacked='cell'\"> |\n|---|\n| x |",
            "${window.hacked='template'} {{constructor.constructor('window.hacked=1')()}} <slot name=header></slot>",
            "\u202e<\u0000script>window.hacked='control'</script>\u2028alert(1)");

    private static final Pattern TAG = Pattern.compile("<[a-zA-Z/!?]");

    private static final String WATCH = """
            window.violations = [];
            document.addEventListener('securitypolicyviolation', (event) =>
              window.violations.push(`${event.effectiveDirective} ${event.blockedURI} ${event.sample}`));
            """;

    /**
     * Forbidden elements and attributes, searched in all shadow roots. The page's own copy buttons have a class; no
     * element of the content can have one.
     */
    private static final String FINDINGS = """
            () => {
              const found = [];
              const root = document.querySelector('gemini-live').shadowRoot;
              // A slot of a call is named by a harmless id, or by the number of its item.
              const slots = [...root.querySelectorAll('article.tool > slot')].map(({ name }) => name);
              if (slots.some((name) => !/^tool-[\\w.-]{1,64}$/.test(name))) return slots;
              const forbidden = 'script, iframe, frame, object, embed, img, picture, video, audio, link, meta, base, style,'
                + ' svg:not(.card > summary > .icon), math, form, input, textarea, select,'
                + ' button:not(.copy, .code .bar .button, .alert .button), slot:not(article.tool > slot), [style], [srcset], [srcdoc], [action], [id], [name]:not(slot[name^=tool-])';
              for (const place of root.querySelectorAll('.conversation .items, .notices .words, .notices details')) {
                for (const element of place.querySelectorAll(forbidden)) found.push(element.outerHTML.slice(0, 200));
              }
              for (const element of root.querySelectorAll('*')) {
                for (const { name, value } of element.attributes) {
                  if (name.startsWith('on')) found.push(`${element.tagName} ${name}=${value}`);
                }
                const href = element.getAttribute('href');
                if (href !== null && !/^(https?|mailto):/.test(element.href)) found.push(`href ${href}`);
              }
              if (document.querySelectorAll('iframe').length > 0) found.push('a frame on the page');
              return found;
            }""";

    @TestHTTPResource("/")
    URI service;

    private final ObjectMapper json = new ObjectMapper();
    private Chromium chromium;

    @BeforeAll
    void launch() {
        chromium = Chromium.launch(Voice.silence(), Chromium.FAKE_PERMISSIONS);
    }

    @AfterAll
    void quit() {
        if (chromium != null) {
            chromium.close();
        }
    }

    static Stream<String> payloads() {
        return PAYLOADS.stream();
    }

    @ParameterizedTest
    @MethodSource("payloads")
    void nothingThatIsSaidDoesAnything(String payload) throws IOException {
        try (BrowserContext context = chromium.browser()
                .newContext(new Browser.NewContextOptions()
                        .setLocale("en-GB")
                        .setPermissions(List.of("clipboard-read", "clipboard-write")))) {
            Page page = context.newPage();
            List<String> foreign = new ArrayList<>();
            page.onRequest(request -> {
                URI uri = URI.create(request.url().replaceAll("[^\\x21-\\x7e]", ""));
                if (!service.getAuthority().equals(uri.getAuthority())
                        && !request.url().startsWith("data:image/svg+xml,")
                        && !request.url().startsWith("blob:" + origin())) {
                    foreign.add(request.url());
                }
            });
            List<String> surprises = new ArrayList<>();
            page.onDialog(dialog -> {
                surprises.add("dialog " + dialog.message());
                dialog.dismiss();
            });
            page.onPopup(popup -> surprises.add("popup " + popup.url()));
            page.onPageError(surprises::add);
            page.onConsoleMessage(message -> {
                if (message.type().equals("error")) {
                    surprises.add(message.text());
                }
            });
            page.addInitScript(WATCH);
            page.addInitScript("window.payload = " + json.writeValueAsString(payload) + ";");
            FakeService fake = FakeService.behind(page).answering(false);
            Talk talk = Talk.open(page, service.toString());
            page.evaluate("""
                    () => document.querySelector('gemini-live').addEventListener('gl-tool', (event) => {
                      event.preventDefault();
                      const result = { [window.payload]: [window.payload] };
                      event.detail.respond(event.detail.calls.map(({ id, name }) => ({ id, name, response: result })));
                    })""");

            talk.type(payload);
            page.waitForCondition(() -> fake.openings().size() == 1);
            for (ObjectNode message : conversation(payload)) {
                fake.say(json.writeValueAsString(message));
            }

            talk.awaitTrue("conversation.transcript.items.some((item) => item.turn === 9 && !item.partial)");
            assertThat(talk.articles("user").first()).isVisible();
            page.locator("article details summary").first().click();
            clean(talk, foreign, surprises, payload);
            // Words stay readable: what is not Markdown is there as it was written.
            for (Locator card : talk.articles("tool").all()) {
                card.locator("summary").click();
            }
            assertThat(talk.articles("tool").first()).containsText("Code");
            assertThat(talk.articles("tool").last()).containsText("Arguments");
            talk.screenshot("hostile", "payload-" + PAYLOADS.indexOf(payload));

            files(talk);

            fake.say(json.writeValueAsString(message("error")
                    .put("code", payload)
                    .put("message", payload)
                    .put("remedy", payload)
                    .put("fatal", true)));
            fake.close(3000, "reason");
            talk.awaitState("Stopped");
            page.locator(".alert summary").click();
            assertThat(talk.alert().locator("details p").first()).isVisible();
            page.locator(".alert details .button").click();
            page.waitForFunction("() => navigator.clipboard.readText().then((text) => text.length > 0)");
            clean(talk, foreign, surprises, payload);
        }
    }

    /** Every text frame of docs/live-protocol.md, with the payload wherever a string can stand. */
    private List<ObjectNode> conversation(String payload) {
        List<ObjectNode> messages = new ArrayList<>();
        ObjectNode ready =
                message("ready").put("session", payload).put("backend", payload).put("model", payload);
        ready.putArray("notices").add(payload);
        ready.putObject("setup").put("model", payload);
        ready.put("resumed", true).put("memory", payload);
        ready.putArray("transcript").addObject().put("role", "model").put("text", payload);
        messages.add(ready);
        messages.add(message("resumeToken").put("token", payload).put("expiresInMs", 60_000));
        messages.add(message("upstream").put("state", payload).put("memory", payload));
        messages.add(
                message("warning").put("code", payload).put("message", payload).put("inMs", 60_000));
        messages.add(message("voiceActivity").put("activity", payload));
        messages.add(message("status").put("turn", 1).put("status", payload));
        messages.add(message(payload).put("turn", 1).put("text", payload));
        messages.add(transcript(1, "user", payload).put("interim", true));
        messages.add(transcript(1, "user", payload));
        messages.add(message("text").put("turn", 1).put("text", payload).put("thought", true));
        messages.add(transcript(1, "model", payload));
        messages.add(turnComplete(1, payload));
        messages.add(message("text").put("turn", 2).put("text", payload));
        messages.add(grounding(2, payload));
        messages.add(turnComplete(2, payload));
        // An answer that was cut: its words are shown in two parts.
        messages.add(transcript(3, "model", payload));
        messages.add(message("interrupted").put("turn", 3));
        messages.add(turnComplete(3, payload));
        for (String member : List.of("executableCode", "codeExecutionResult", "inlineData", "fileData", payload)) {
            ObjectNode part = message("part").put("turn", 4);
            part.putObject("part")
                    .putObject(member)
                    .put("mimeType", payload)
                    .put("fileUri", payload)
                    .put("data", payload)
                    .put("code", payload)
                    .put("output", payload)
                    .put("language", payload)
                    .put("outcome", payload);
            messages.add(part);
        }
        messages.add(turnComplete(4, payload));
        ObjectNode call = message("toolCall").put("turn", 5);
        call.putArray("calls")
                .addObject()
                .put("id", payload)
                .put("name", payload)
                .putObject("args")
                .put(payload, payload);
        messages.add(call);
        ObjectNode cancellation = message("toolCallCancellation");
        cancellation.putArray("ids").add(payload);
        messages.add(cancellation);
        ObjectNode usage = message("usage").put("turn", 5).put("promptTokens", payload);
        usage.putObject("usageMetadata").put(payload, payload);
        messages.add(usage);
        messages.add(message("timing").put("turn", 5).put("speechEndSource", payload));
        messages.add(
                message("error").put("code", payload).put("message", payload).put("remedy", payload));
        // Twice the payload, as a Markdown answer whose library has been loaded by now.
        messages.add(transcript(9, "model", "**bold** " + payload + "\n\n" + payload));
        messages.add(turnComplete(9, payload));
        return messages;
    }

    private ObjectNode grounding(int turn, String payload) {
        ObjectNode grounding = message("grounding").put("turn", turn);
        ObjectNode metadata = grounding.putObject("groundingMetadata");
        metadata.putArray("webSearchQueries").add(payload);
        metadata.putArray("imageSearchQueries").add(payload);
        metadata.putObject("searchEntryPoint")
                .put(
                        "renderedContent",
                        "<style>@import url(https://evil.example/x.css)</style>" + payload
                                + "<a class=\"chip\" href=\"https://www.google.com/search?q=x\">" + payload + "</a>"
                                + "<a class=\"chip\" href=\"javascript:window.hacked='chip'\">" + payload + "</a>");
        List<String> addresses = List.of(
                payload,
                "javascript:window.hacked='source'",
                "data:text/html," + payload,
                "https://ok.example/?q=" + payload,
                "https://ok.example/\"onmouseover=\"window.hacked='address'");
        for (String address : addresses) {
            for (Map.Entry<String, String> kind : Map.of(
                            "web", "uri", "maps", "uri", "retrievedContext", "uri", "image", "sourceUri")
                    .entrySet()) {
                ObjectNode chunk =
                        metadata.withArray("groundingChunks").addObject().putObject(kind.getKey());
                chunk.put(kind.getValue(), address)
                        .put("title", payload)
                        .put("domain", payload)
                        .put("text", payload)
                        .put("imageUri", "https://evil.example/i.png")
                        .put("placeId", payload);
                chunk.putObject("placeAnswerSources")
                        .putArray("reviewSnippets")
                        .addObject()
                        .put("googleMapsUri", address)
                        .put("title", payload);
            }
            ObjectNode read = grounding
                    .withObject("/urlContextMetadata")
                    .withArray("urlMetadata")
                    .addObject();
            read.put("retrievedUrl", address).put("urlRetrievalStatus", payload);
            grounding
                    .withObject("/citationMetadata")
                    .withArray("citations")
                    .addObject()
                    .put("uri", address)
                    .put("title", payload)
                    .put("license", payload);
        }
        return grounding;
    }

    private ObjectNode message(String type) {
        return json.createObjectNode().put("type", type);
    }

    private ObjectNode transcript(int turn, String role, String text) {
        return message("transcript").put("turn", turn).put("role", role).put("text", text);
    }

    private ObjectNode turnComplete(int turn, String reason) {
        return message("turnComplete").put("turn", turn).put("reason", reason);
    }

    /** The exports: the three files that the element's methods return. */
    private static void files(Talk talk) throws IOException {
        Page page = talk.page();
        for (Map.Entry<String, String> format : Map.of(
                        "Markdown", "markdown", "JSON", "json", "Captions (WebVTT)", "vtt")
                .entrySet()) {
            page.locator(".export summary").click();
            Download download =
                    page.waitForDownload(() -> talk.button(format.getKey()).click());
            String content = Files.readString(download.path());
            assertEquals(talk.value("exportTranscript('" + format.getValue() + "')"), content);
            String words = format.getValue().equals("vtt") ? content.replaceAll("(?m)^<v (You|Model)>", "") : content;
            words = words.replaceAll("\\(<https?://[^<>\"'\\s]*>\\)", "(address)");
            assertFalse(TAG.matcher(words).find(), () -> format.getKey() + ": " + content);
            if (format.getValue().equals("markdown")) {
                // Names and arguments of functions stand in code, where nothing is a link.
                String prose = content.replaceAll("`[^`\\n]*`", "(code)");
                assertFalse(prose.matches("(?s).*\\]\\(\\s*(javascript|data|vbscript):.*"), content);
                assertFalse(prose.contains("!["), content);
            }
        }
    }

    private void clean(Talk talk, List<String> foreign, List<String> surprises, String payload) {
        Page page = talk.page();
        assertEquals(List.of(), page.evaluate(FINDINGS), payload);
        assertEquals(false, page.evaluate("() => 'hacked' in window"), payload);
        assertEquals(List.of(), page.evaluate("() => window.violations"), payload);
        assertEquals(List.of(), foreign, payload);
        assertEquals(List.of(), surprises, payload);
        assertEquals(origin() + "/", page.url(), payload);
    }

    private String origin() {
        return "http://" + service.getAuthority();
    }
}
