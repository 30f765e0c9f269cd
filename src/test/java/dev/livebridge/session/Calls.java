package dev.livebridge.session;

import dev.livebridge.message.ClientMessage.FunctionResult;
import dev.livebridge.message.ServerMessage.FunctionCall;
import java.util.List;
import java.util.stream.Stream;

/** Function calls and results with the given ids; each calls the function {@code f}. */
public final class Calls {

    private Calls() {}

    public static List<FunctionCall> of(String... ids) {
        return Stream.of(ids).map(id -> new FunctionCall(id, "f")).toList();
    }

    static List<FunctionResult> results(String... ids) {
        return Stream.of(ids)
                .map(id ->
                        new FunctionResult(id, "{\"id\":\"" + id + "\",\"response\":{\"output\":\"of " + id + "\"}}"))
                .toList();
    }
}
