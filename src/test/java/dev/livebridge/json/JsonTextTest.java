package dev.livebridge.json;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class JsonTextTest {

    @Test
    void writesMembersInOrder() {
        String json = JsonText.object()
                .put("text", "a\"b\\c\n\u0001é😀</script>")
                .put("whole", 7)
                .put("double", 12.0)
                .put("fraction", 0.25)
                .put("flag", true)
                .put("list", List.of("x", "\""))
                .put("none", List.of())
                .putJson("json", "{\"y\":[]}")
                .end();

        assertEquals("""
                {"text":"a\\"b\\\\c\\n\\u0001é😀</script>","whole":7,"double":12,"fraction":0.25,"flag":true,\
                "list":["x","\\""],"none":[],"json":{"y":[]}}""", json);
    }

    @Test
    void anEmptyObject() {
        assertEquals("{}", JsonText.object().end());
    }
}
