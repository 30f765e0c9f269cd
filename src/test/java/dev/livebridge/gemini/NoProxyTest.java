package dev.livebridge.gemini;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NoProxyTest {

    @ParameterizedTest(name = "NO_PROXY={0} {1}:{2} direct={3}")
    @CsvSource(
            delimiter = '|',
            value = {
                "''                        | gemini.example         | 443  | false",
                "*                         | gemini.example         | 443  | true",
                "a.example, *              | gemini.example         | 443  | true",
                "gemini.example            | gemini.example         | 443  | true",
                "GEMINI.example            | gemini.EXAMPLE         | 443  | true",
                "gemini.example            | gemini.example.        | 443  | true",
                "example                   | gemini.example         | 443  | true",
                ".example                  | gemini.example         | 443  | true",
                ".gemini.example           | gemini.example         | 443  | true",
                "*.example                 | gemini.example         | 443  | true",
                "mini.example              | gemini.example         | 443  | false",
                "gemini.example.org        | gemini.example         | 443  | false",
                "gem*.example              | gemini.example         | 443  | false",
                "gemini.example:443        | gemini.example         | 443  | true",
                "gemini.example:8443       | gemini.example         | 443  | false",
                "gemini.example:0          | gemini.example         | 443  | false",
                "gemini.example:x          | gemini.example         | 443  | false",
                "gemini.example:70000      | gemini.example         | 443  | false",
                "192.0.2.7                 | 192.0.2.7              | 443  | true",
                "192.0.2.7                 | 192.0.2.70             | 443  | false",
                "192.0.2.7:443             | 192.0.2.7              | 443  | true",
                "192.0.2.7:80              | 192.0.2.7              | 443  | false",
                "192.0.2.0/24              | 192.0.2.200            | 443  | true",
                "192.0.2.0/24              | 192.0.3.1              | 443  | false",
                "192.0.2.128/25            | 192.0.2.127            | 443  | false",
                "192.0.2.1/0               | 203.0.113.9            | 443  | true",
                "192.0.2.0/33              | 192.0.2.1              | 443  | false",
                "192.0.2.0/x               | 192.0.2.1              | 443  | false",
                "192.0.2.0/24              | gemini.example         | 443  | false",
                "2.7                       | 192.0.2.7              | 443  | false",
                "2001:db8::1               | [2001:db8::1]          | 443  | true",
                "[2001:db8::1]:443         | 2001:db8:0::1          | 443  | true",
                "[2001:db8::1]:80          | 2001:db8::1            | 443  | false",
                "2001:db8::/32             | [2001:db8:7::1]        | 443  | true",
                "2001:db8::/32             | 192.0.2.1              | 443  | false",
                "',, ,'                    | gemini.example         | 443  | false",
            })
    void isReadAsCurlAndGoReadIt(String value, String host, int port, boolean direct) {
        assertEquals(direct, NoProxy.parse(value).matches(host, port));
    }
}
