using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Lazykick.Cli.Tests.Browser;

/// <summary>An open page.</summary>
public sealed class BrowserPage(Chromium browser, string session, string target) : IAsyncDisposable
{
    // Asked of the page before its own scripts run: what it wanted from the network, and what failed.
    private const string Watch = """
        window.failures = [];
        addEventListener('error', (e) => failures.push(String(e.message)));
        addEventListener('unhandledrejection', (e) => failures.push(String(e.reason)));
        addEventListener('securitypolicyviolation', (e) => failures.push(e.violatedDirective + ' ' + e.blockedURI));
        """;

    /// <summary>Evaluates an expression and gives its value.</summary>
    public async Task<JsonElement> Value(string expression)
    {
        var answer = await browser.Call(
            session,
            "Runtime.evaluate",
            new JsonObject
            {
                ["expression"] = $"(() => ({expression}))()",
                ["returnByValue"] = true,
                ["awaitPromise"] = true,
            }
        );
        Assert.True(answer["exceptionDetails"] is null, $"{expression}: {answer["exceptionDetails"]}");
        return JsonSerializer.Deserialize<JsonElement>(answer["result"]!["value"]?.ToJsonString() ?? "null");
    }

    public async Task<string> Text(string expression) => (await Value(expression)).GetString() ?? "";

    public async Task<double> Number(string expression) => (await Value(expression)).GetDouble();

    /// <summary>Presses a key and lets the page draw.</summary>
    public async Task Press(string key)
    {
        foreach (var type in new[] { "keyDown", "keyUp" })
        {
            var press = new JsonObject { ["type"] = type, ["key"] = key };
            if (key.Length == 1 && type == "keyDown")
                press["text"] = key;
            await browser.Call(session, "Input.dispatchKeyEvent", press);
        }

        await Drawn();
    }

    /// <summary>Types into the field that has the focus.</summary>
    public async Task Type(string text)
    {
        await browser.Call(session, "Input.insertText", new JsonObject { ["text"] = text });
        await Drawn();
    }

    /// <summary>Clicks at a point of the window.</summary>
    public async Task Click(double x, double y)
    {
        foreach (var type in new[] { "mousePressed", "mouseReleased" })
        {
            await browser.Call(
                session,
                "Input.dispatchMouseEvent",
                new JsonObject
                {
                    ["type"] = type,
                    ["x"] = x,
                    ["y"] = y,
                    ["button"] = "left",
                    ["clickCount"] = 1,
                }
            );
        }

        await Drawn();
    }

    /// <summary>A picture of the window as PNG.</summary>
    public async Task<byte[]> Picture(int width, int height)
    {
        await browser.Call(
            session,
            "Emulation.setDeviceMetricsOverride",
            new JsonObject
            {
                ["width"] = width,
                ["height"] = height,
                ["deviceScaleFactor"] = 1,
                ["mobile"] = false,
            }
        );
        await Drawn();
        var picture = await browser.Call(session, "Page.captureScreenshot", new JsonObject { ["format"] = "png" });
        return Convert.FromBase64String((string)picture["data"]!);
    }

    /// <summary>Nothing failed, nothing was blocked, and nothing was fetched.</summary>
    public async Task IsSound()
    {
        Assert.Equal("[]", await Text("JSON.stringify(window.failures)"));
        Assert.Equal("[]", await Text("JSON.stringify(performance.getEntriesByType('resource').map((r) => r.name))"));
    }

    /// <summary>Two frames: what was asked for in one is drawn in the next.</summary>
    public async Task Drawn() =>
        await Value("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(1))))");

    public async ValueTask DisposeAsync() =>
        await browser.Call(null, "Target.closeTarget", new JsonObject { ["targetId"] = target });

    internal async Task Open(string address)
    {
        await browser.Call(session, "Page.enable", []);
        await browser.Call(
            session,
            "Emulation.setDeviceMetricsOverride",
            new JsonObject
            {
                ["width"] = 1500,
                ["height"] = 1000,
                ["deviceScaleFactor"] = 1,
                ["mobile"] = false,
            }
        );
        await browser.Call(session, "Page.addScriptToEvaluateOnNewDocument", new JsonObject { ["source"] = Watch });
        await browser.Call(session, "Page.navigate", new JsonObject { ["url"] = address });
        var waited = Stopwatch.StartNew();
        while (await Text("document.documentElement?.dataset.ready ?? ''") is not "yes" and var state)
        {
            Assert.True(
                state.Length == 0 && waited.Elapsed < TimeSpan.FromMinutes(2),
                $"the page is not drawn: {state} {await Text("JSON.stringify(window.failures ?? [])")}"
            );
            await Task.Delay(50);
        }

        await Drawn();
    }
}
