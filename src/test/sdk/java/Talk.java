import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.genai.AsyncSession;
import com.google.genai.Client;
import com.google.genai.types.AudioTranscriptionConfig;
import com.google.genai.types.Blob;
import com.google.genai.types.Content;
import com.google.genai.types.FunctionCall;
import com.google.genai.types.FunctionDeclaration;
import com.google.genai.types.FunctionResponse;
import com.google.genai.types.HttpOptions;
import com.google.genai.types.LiveConnectConfig;
import com.google.genai.types.LiveSendClientContentParameters;
import com.google.genai.types.LiveSendRealtimeInputParameters;
import com.google.genai.types.LiveSendToolResponseParameters;
import com.google.genai.types.LiveServerContent;
import com.google.genai.types.LiveServerMessage;
import com.google.genai.types.Part;
import com.google.genai.types.Schema;
import com.google.genai.types.SessionResumptionConfig;
import com.google.genai.types.Tool;
import com.google.genai.types.Transcription;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;

/**
 * Holds a conversation through Google's own SDK for Java and prints what came of it as one line of JSON, as {@code
 * talk.mjs} does for JavaScript. Arguments: the address of the service, the API key. The version of the API is the
 * default of the SDK.
 */
public final class Talk {

    private static final long PATIENCE_SECONDS = 20;
    private static final int CONNECTS = 20;

    private static final List<String> ANSWERS = new ArrayList<>();
    private static String heard = "";
    private static String called = "";
    private static int audioBytes;

    private static final class Line {
        private final StringBuilder words = new StringBuilder();
        private AsyncSession session;
        private String handle = "";
        private int turns;
        private int turnsInHandle;

        private synchronized void told(LiveServerMessage message) {
            message.sessionResumptionUpdate()
                    .flatMap(update -> update.newHandle())
                    .filter(text -> !text.isEmpty())
                    .ifPresent(text -> {
                        handle = text;
                        turnsInHandle = turns;
                    });
            message.toolCall().flatMap(call -> call.functionCalls()).ifPresent(this::answerCalls);
            message.serverContent().ifPresent(this::told);
            notifyAll();
        }

        private void told(LiveServerContent content) {
            content.inputTranscription().flatMap(Transcription::text).ifPresent(text -> heard += text);
            content.outputTranscription().flatMap(Transcription::text).ifPresent(words::append);
            content.modelTurn()
                    .flatMap(Content::parts)
                    .ifPresent(parts -> parts.forEach(part -> part.inlineData()
                            .flatMap(Blob::data)
                            .ifPresent(data -> audioBytes += data.length)));
            if (content.turnComplete().orElse(false)) {
                turns++;
            }
        }

        private void answerCalls(List<FunctionCall> calls) {
            for (FunctionCall call : calls) {
                called = call.name().orElse("");
                session.sendToolResponse(LiveSendToolResponseParameters.builder()
                        .functionResponses(FunctionResponse.builder()
                                .id(call.id().orElse(""))
                                .name(called)
                                .response(Map.of("output", "sunny"))
                                .build())
                        .build());
            }
        }

        private synchronized void until(BooleanSupplier condition, String what) throws Exception {
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
            while (!condition.getAsBoolean()) {
                long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
                if (left <= 0) {
                    throw new TimeoutException("waited in vain for " + what);
                }
                wait(left);
            }
        }

        /** Waits for so many turns more and keeps their words. */
        private void keepAnswer(int from, int more) throws Exception {
            until(() -> turns >= from + more, more + " turns");
            synchronized (this) {
                ANSWERS.add(words.toString());
                words.setLength(0);
            }
        }

        private void type(String text) {
            session.sendClientContent(LiveSendClientContentParameters.builder()
                            .turns(Content.builder().role("user").parts(Part.fromText(text)).build())
                            .turnComplete(true)
                            .build())
                    .join();
        }
    }

    /** Some versions never settle when the service closes before it is ready, hence the limit. */
    private static Line connect(Client client, SessionResumptionConfig resumption, int seconds) throws Exception {
        Line line = new Line();
        AudioTranscriptionConfig transcript = AudioTranscriptionConfig.builder().build();
        line.session = client.async
                .live
                .connect(
                        "gemini-3.8-live",
                        LiveConnectConfig.builder()
                                .responseModalities("AUDIO")
                                .inputAudioTranscription(transcript)
                                .outputAudioTranscription(transcript)
                                .sessionResumption(resumption)
                                .tools(Tool.builder()
                                        .functionDeclarations(FunctionDeclaration.builder()
                                                .name("get_weather")
                                                .parameters(Schema.builder()
                                                        .type("OBJECT")
                                                        .properties(Map.of(
                                                                "city",
                                                                Schema.builder().type("STRING").build()))
                                                        .build())
                                                .build())
                                        .build())
                                .build())
                .get(seconds, TimeUnit.SECONDS);
        line.session.receive(line::told).get(seconds, TimeUnit.SECONDS);
        return line;
    }

    private static byte[] tone() {
        ByteBuffer pcm = ByteBuffer.allocate(16_000).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < 8_000; i++) {
            pcm.putShort((short) (12_000 * Math.sin(2 * Math.PI * 300 * i / 16_000)));
        }
        return pcm.array();
    }

    /** Ends the process by itself: threads of the SDK would keep it alive. */
    public static void main(String[] arguments) {
        try {
            talk(arguments[0], arguments[1]);
            System.exit(0);
        } catch (Exception failed) {
            failed.printStackTrace();
            System.exit(1);
        }
    }

    private static void talk(String address, String apiKey) throws Exception {
        Client client = Client.builder()
                .apiKey(apiKey)
                .httpOptions(HttpOptions.builder().baseUrl(address).build())
                .build();
        Line first = connect(client, SessionResumptionConfig.builder().build(), 30);
        first.type("thanks");
        first.keepAnswer(0, 1);
        first.session.sendRealtimeInput(LiveSendRealtimeInputParameters.builder()
                .audio(Blob.builder().data(tone()).mimeType("audio/pcm;rate=16000").build())
                .build());
        first.session.sendRealtimeInput(
                LiveSendRealtimeInputParameters.builder().audioStreamEnd(true).build());
        first.keepAnswer(1, 1);
        first.type("get weather Paris");
        first.keepAnswer(2, 2);
        first.type("my name is Ada");
        first.keepAnswer(4, 1);
        first.until(() -> first.turnsInHandle == first.turns, "a handle that knows the last turn");
        first.session.close().get(5, TimeUnit.SECONDS);

        // The service refuses a handle while the connection that it came from is still open.
        Line second = null;
        for (int i = 0; second == null; i++) {
            try {
                second = connect(
                        client,
                        SessionResumptionConfig.builder().handle(first.handle).build(),
                        3);
            } catch (Exception refused) {
                if (i == CONNECTS) {
                    throw refused;
                }
            }
        }
        second.type("what is my name");
        second.keepAnswer(0, 1);
        second.session.close().get(5, TimeUnit.SECONDS);

        Map<String, Object> result = new LinkedHashMap<>();
        result.put("answers", ANSWERS);
        result.put("heard", heard);
        result.put("called", called);
        result.put("audioBytes", audioBytes);
        System.out.println(new ObjectMapper().writeValueAsString(result));
    }
}
