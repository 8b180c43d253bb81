using System.Globalization;
using System.Text.Json;
using Lazykick.Cli.Tests.Support;

namespace Lazykick.Cli.Tests.Browser;

/// <summary>The page of a report, as a real browser shows it, beside what <c>report --json</c> writes.</summary>
public sealed class ReportPageTests(Chromium browser) : IClassFixture<Chromium>
{
    [Fact]
    public async Task Its_tables_show_the_figures_of_the_document()
    {
        await using var shown = await Shown.Of(browser);
        var (page, report) = (shown.Page, shown.Report);
        foreach (var cpu in report.GetProperty("selection").GetProperty("cpus").EnumerateArray())
        {
            var number = cpu.GetProperty("cpu").GetInt32();
            foreach (var verdict in cpu.GetProperty("kicks").GetProperty("verdicts").EnumerateObject())
            {
                var cell = await page.Text(
                    $"document.querySelector('[data-cpu=\"{number}\"] [data-verdict=\"{verdict.Name}\"]').textContent"
                );
                Assert.Equal(verdict.Value.GetInt64().ToString("N0", CultureInfo.InvariantCulture), cell);
            }
        }

        var worst = report.GetProperty("worstBreaks").EnumerateArray().ToList();
        Assert.Equal(worst.Count, await page.Number("document.querySelectorAll('[data-worst]').length"));
        for (var at = 0; at < worst.Count; at++)
        {
            var took = await page.Text($"document.querySelector('[data-worst=\"{at}\"] td').title");
            Assert.Equal(
                $"{worst[at].GetProperty("duration").GetInt64().ToString("N0", CultureInfo.InvariantCulture)} ns",
                took
            );
        }

        Assert.Equal(
            report.GetProperty("senders").GetArrayLength(),
            await page.Number(
                "Math.max(document.querySelectorAll('#senders tbody tr').length, lazykick.page.report.senders.length)"
            )
        );
        await page.IsSound();
    }

    [Fact]
    public async Task Its_timeline_has_every_state_kick_and_break_of_the_document()
    {
        await using var shown = await Shown.Of(browser);
        var (page, report) = (shown.Page, shown.Report);
        foreach (var cpu in report.GetProperty("selection").GetProperty("cpus").EnumerateArray())
        {
            var number = cpu.GetProperty("cpu").GetInt32();
            foreach (
                var (name, state) in new[] { ("unknown", 0), ("kernel", 1), ("user", 2), ("userEqs", 3), ("idle", 4) }
            )
            {
                Assert.Equal(
                    cpu.GetProperty("time").GetProperty(name).GetInt64(),
                    await page.Number($"lazykick.model.laneOf.get({number}).totals[{state}]")
                );
            }

            Assert.Equal(
                cpu.GetProperty("kicks").GetProperty("asked").GetInt64(),
                await page.Number($"(lazykick.model.kicksTo.get({number}) ?? []).length")
            );
            foreach (
                var (name, verdict) in new[]
                {
                    ("unknown", 0),
                    ("needless", 1),
                    ("raced", 2),
                    ("needed", 3),
                    ("never", 4),
                }
            )
            {
                Assert.Equal(
                    cpu.GetProperty("kicks").GetProperty("verdicts").GetProperty(name).GetInt64(),
                    await page.Number(
                        $"(lazykick.model.kicksTo.get({number}) ?? []).filter((i) => lazykick.model.kicks.verdict[i] "
                            + $"=== {verdict}).length"
                    )
                );
            }

            Assert.Equal(
                cpu.GetProperty("breakTimes").GetProperty("max").GetInt64(),
                await page.Number(
                    $"Math.max(0, ...(lazykick.model.breaksOf.get({number}) ?? []).map((i) => "
                        + "lazykick.model.breaks.took[i]))"
                )
            );
        }

        foreach (var cause in report.GetProperty("breakCauses").EnumerateArray())
        {
            if (!cause.TryGetProperty("function", out var function))
                continue;
            var number = await page.Number(
                $$"""
                (({ breaks, shape }) =>
                  Array.from(breaks.name).filter((n) => shape.names[n] === '{{function.GetString()}}').length
                )(lazykick.model)
                """
            );
            Assert.Equal(cause.GetProperty("count").GetInt64(), number);
        }
    }

    [Fact]
    public async Task Keys_zoom_move_and_go_to_the_longest_break()
    {
        await using var shown = await Shown.Of(browser);
        var (page, report) = (shown.Page, shown.Report);
        const string Length = "lazykick.view.view.to - lazykick.view.view.from";
        var whole = await page.Number(Length);
        Assert.Equal(report.GetProperty("selection").GetProperty("duration").GetInt64(), whole);

        await page.Press("+");
        Assert.Equal(whole / 2, await page.Number(Length));
        var from = await page.Number("lazykick.view.view.from");
        await page.Press("ArrowRight");
        Assert.True(await page.Number("lazykick.view.view.from") > from);
        Assert.Equal(whole / 2, await page.Number(Length), 3);
        await page.Press("0");
        Assert.Equal(whole, await page.Number(Length));

        await page.Press("1");
        var worst = report.GetProperty("worstBreaks")[0];
        Assert.Contains(
            $"CPU {worst.GetProperty("cpu").GetInt32()} lost",
            await page.Text("document.getElementById('details').textContent"),
            StringComparison.Ordinal
        );
        Assert.Equal(
            worst.GetProperty("duration").GetInt64(),
            await page.Number("lazykick.view.selection.to - lazykick.view.selection.from")
        );
        Assert.True(await page.Number(Length) < whole / 10);
        await page.IsSound();
    }

    [Fact]
    public async Task A_search_finds_the_kicks_that_the_document_counts()
    {
        await using var shown = await Shown.Of(browser);
        var (page, report) = (shown.Page, shown.Report);
        await page.Press("/");
        await page.Type("do_nothing");
        var kicks = report
            .GetProperty("senders")
            .EnumerateArray()
            .Where(static s => s.TryGetProperty("function", out var f) && f.GetString() == "do_nothing")
            .Sum(static s => s.GetProperty("kicks").GetInt64());
        var breaks = report
            .GetProperty("breakCauses")
            .EnumerateArray()
            .Where(static c => c.TryGetProperty("function", out var f) && f.GetString() == "do_nothing")
            .Sum(static c => c.GetProperty("count").GetInt64());
        Assert.True(kicks > 0);
        Assert.Equal(
            $"{kicks} kicks, {breaks} breaks",
            await page.Text("document.getElementById('matches').textContent")
        );
        await page.Press("Enter");
        Assert.StartsWith(
            "1 of ",
            await page.Text("document.getElementById('matches').textContent"),
            StringComparison.Ordinal
        );
        Assert.Contains(
            "do_nothing",
            await page.Text("document.getElementById('details').textContent"),
            StringComparison.Ordinal
        );
        await page.Press("Escape");
        Assert.Equal("", await page.Text("document.getElementById('matches').textContent"));
    }

    [Fact]
    public async Task An_arrow_that_is_clicked_tells_what_it_is()
    {
        await using var shown = await Shown.Of(browser);
        var page = shown.Page;
        await page.Value("lazykick.goKick(lazykick.model.kicksTo.get(2)[3]), lazykick.pick(null), 1");
        await page.Value("document.getElementById('lanes').scrollIntoView({ block: 'center' }), 1");
        await page.Drawn();
        var at = await page.Value(
            """
            (() => {
              const box = document.getElementById('lanes').getBoundingClientRect();
              const arrow = lazykick.view.lanes.arrowOf(lazykick.model.kicksTo.get(2)[3]);
              return [box.left + (arrow.x0 + arrow.x1) / 2, box.top + (arrow.y0 + arrow.y1) / 2];
            })()
            """
        );
        await page.Click(at[0].GetDouble(), at[1].GetDouble());
        Assert.Contains(
            "to CPU 2",
            await page.Text("document.getElementById('details').textContent"),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task The_lanes_have_the_colours_of_the_legend()
    {
        await using var shown = await Shown.Of(browser);
        var page = shown.Page;
        foreach (var theme in new[] { "light", "dark" })
        {
            await page.Value($"setTheme('{theme}'), 1");
            var share = await page.Number(
                """
                (() => {
                  const canvas = document.getElementById('lanes');
                  const { lanes } = lazykick.view;
                  const row = lanes.rowOf.get(2);
                  const wanted = lanes.context.fillStyle = colours['user-eqs'];
                  const [r, g, b] = [1, 3, 5].map((i) => parseInt(lanes.context.fillStyle.slice(i, i + 2), 16));
                  const line = lanes.context.getImageData(GUTTER + 1, row.band + 12, lanes.width - GUTTER - 12, 1).data;
                  let found = 0;
                  for (let i = 0; i < line.length; i += 4)
                    if (line[i] === r && line[i + 1] === g && line[i + 2] === b) found++;
                  return found / (line.length / 4);
                })()
                """
            );
            Assert.True(share > 0.5, $"{theme}: only {share:P0} of CPU 2's lane is user mode");
        }
    }

    [Fact]
    public async Task It_looks_as_the_documentation_shows()
    {
        await using var shown = await Shown.Of(browser);
        var page = shown.Page;
        await page.Value("setTheme('light'), 1");
        await page.Press("2");
        await page.Press("-");
        await page.Press("-");
        await page.Value("scrollTo(0, 0), 1");
        Pictures.Check("report", await page.Picture(1500, 1380));
    }

    [Fact]
    public async Task A_name_with_markup_stays_a_name()
    {
        Assert.SkipWhen(browser.Missing is not null, browser.Missing ?? "");
        var directory = Directory.CreateTempSubdirectory("lazykick-page");
        try
        {
            var name = "<script>window.failures.push('run')<%2fscript>&\"'.dat.zst";
            var trace = Path.Combine(directory.FullName, name);
            File.Copy(Repository.PathOf("src/Lazykick.Cli/Report/sample.dat.zst"), trace);
            var html = Path.Combine(directory.FullName, "page.html");
            Assert.Equal(0, LazykickProcess.Run("report", trace, "--html", html).Status);
            await using var page = await browser.Open(html);
            Assert.EndsWith(
                name,
                await page.Text("document.getElementById('title').textContent"),
                StringComparison.Ordinal
            );
            await page.IsSound();
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    /// <summary>The page of the sample, and its document from a run of its own.</summary>
    private sealed class Shown(BrowserPage page, JsonElement report) : IAsyncDisposable
    {
        private static readonly Lazy<(string Html, JsonElement Report)> s_sample = new(Make);

        public BrowserPage Page => page;

        public JsonElement Report => report;

        public static async Task<Shown> Of(Chromium browser)
        {
            Assert.SkipWhen(browser.Missing is not null, browser.Missing ?? "");
            var (html, report) = s_sample.Value;
            return new Shown(await browser.Open(html), report);
        }

        public ValueTask DisposeAsync() => page.DisposeAsync();

        private static (string Html, JsonElement Report) Make()
        {
            var html = Path.Combine(Directory.CreateTempSubdirectory("lazykick-page").FullName, "sample.html");
            Assert.Equal(0, LazykickProcess.Run("report", "--html", html).Status);
            var run = LazykickProcess.Run("report", "--json");
            return (html, JsonDocument.Parse(run.Output).RootElement.GetProperty("reports")[0]);
        }
    }
}
