package dev.livebridge.gemini;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.livebridge.gemini.GeminiModelsClient.Model;
import dev.livebridge.message.ListedModel;
import dev.livebridge.policy.ClientPolicy;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class UpstreamModelsTest {

    private static final Instant START = Instant.parse("2026-11-28T06:00:00Z");
    private static final String DEFAULT = "gemini-3.8-live";
    private static final String OTHER = "gemini-2.5-flash-native-audio-preview-09-2025";

    private final AtomicReference<Instant> now = new AtomicReference<>(START);
    private final AtomicReference<@Nullable List<Model>> answer = new AtomicReference<>();
    private final AtomicInteger asked = new AtomicInteger();

    private UpstreamModels models(Map<String, String> settings) {
        return new UpstreamModels(
                Settings.catalogue(),
                new ClientPolicy(Settings.livebridge(settings)),
                DEFAULT,
                () -> {
                    asked.incrementAndGet();
                    List<Model> models = answer.get();
                    if (models == null) {
                        throw new IllegalStateException("no answer");
                    }
                    return models;
                },
                now::get);
    }

    private static Model model(String name, String... methods) {
        return new Model(name, "v", "Name of " + name, "Text", 1_000, 100, List.of(methods));
    }

    private static List<String> ids(UpstreamModels models) {
        return models.listed().stream().map(ListedModel::id).toList();
    }

    @Test
    void withoutAnAnswerTheListIsThatOfTheCatalogue() {
        List<String> ids = ids(models(Map.of()));

        assertEquals(DEFAULT, ids.getFirst());
        assertTrue(ids.size() > 2, ids::toString);
    }

    @Test
    void theListHasWhatGeminiOffersForLiveConversations() {
        answer.set(List.of(
                model("models/gemini-3.5-pro", "generateContent"),
                model("models/" + DEFAULT, "countTokens", "bidiGenerateContent"),
                model("models/unknown-live", "bidiGenerateContent"),
                model("not a name", "bidiGenerateContent"),
                new Model(null, null, null, null, null, null, null)));

        assertEquals(
                List.of(new ListedModel(DEFAULT, "Name of models/" + DEFAULT, "v", "Text", 1_000, 100)),
                models(Map.of()).listed());
    }

    @Test
    void theListHasWhatThePolicyAllows() {
        answer.set(List.of(
                model("models/" + DEFAULT, "bidiGenerateContent"),
                model("models/unknown-live", "bidiGenerateContent")));

        assertEquals(List.of(DEFAULT, "unknown-live"), ids(models(Map.of("livebridge.policy.unknown-models", "pass"))));
        assertEquals(
                List.of(DEFAULT), ids(models(Map.of("livebridge.policy.models", OTHER))), "the configured one always");
    }

    @Test
    void geminiIsAskedOnceAMinuteAndItsLastAnswerCountsWhileItFails() {
        answer.set(List.of(model("models/" + DEFAULT, "bidiGenerateContent")));
        UpstreamModels models = models(Map.of());
        assertEquals(1, ids(models).size());
        now.set(START.plus(UpstreamModels.FRESH).minusMillis(1));
        ids(models);
        assertEquals(1, asked.get());

        answer.set(null);
        now.set(START.plus(UpstreamModels.FRESH));
        assertEquals(List.of(DEFAULT), ids(models));
        assertEquals(List.of(DEFAULT), ids(models));
        assertEquals(2, asked.get(), "not again at once");

        answer.set(List.of());
        now.set(START.plus(UpstreamModels.FRESH).plus(UpstreamModels.RETRY));
        assertEquals(List.of(), ids(models));
        assertEquals(3, asked.get());
        assertFalse(UpstreamModels.RETRY.compareTo(Duration.ofSeconds(1)) < 0);
    }

    @Test
    void whileGeminiIsAskedOthersGetTheLastList() throws Exception {
        CountDownLatch arrived = new CountDownLatch(1);
        CountDownLatch answered = new CountDownLatch(1);
        UpstreamModels models = new UpstreamModels(
                Settings.catalogue(),
                new ClientPolicy(Settings.livebridge(Map.of())),
                DEFAULT,
                () -> {
                    if (asked.incrementAndGet() == 1) {
                        return List.of(model("models/" + DEFAULT, "bidiGenerateContent"));
                    }
                    arrived.countDown();
                    awaitLatch(answered);
                    return List.of();
                },
                now::get);
        ids(models);
        now.set(START.plus(UpstreamModels.FRESH));
        CompletableFuture<List<String>> asking =
                CompletableFuture.supplyAsync(() -> ids(models), Thread::startVirtualThread);
        awaitLatch(arrived);

        assertEquals(List.of(DEFAULT), ids(models), "while Gemini has not answered");

        answered.countDown();
        assertEquals(List.of(), asking.get(10, TimeUnit.SECONDS));
        assertEquals(List.of(), ids(models));
        assertEquals(2, asked.get());
    }

    private static void awaitLatch(CountDownLatch latch) {
        try {
            assertTrue(latch.await(10, TimeUnit.SECONDS));
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
