using System.Text.Json;
using Lazykick.Cli.Tests.Support;

namespace Lazykick.Cli.Tests.Browser;

/// <summary>The page of a check, as a real browser shows it, beside what <c>check --json</c> writes.</summary>
public sealed class CheckPageTests(Chromium browser) : IClassFixture<Chromium>
{
    [Fact]
    public async Task It_tells_the_verdicts_of_the_document_and_steps_through_the_race()
    {
        var (html, check) = Make("v2", "--against", "dsb=on");
        await using var page = await browser.Open(html);
        Assert.Contains(
            "BROKEN",
            await page.Text("document.querySelector('.answer').textContent"),
            StringComparison.Ordinal
        );
        Assert.Contains(
            "HOLDS",
            await page.Text("document.querySelectorAll('.answer')[1].textContent"),
            StringComparison.Ordinal
        );
        foreach (var property in check.GetProperty("properties").EnumerateArray())
        {
            var name = property.GetProperty("name").GetString();
            var verdict = property.GetProperty("verdict").GetString()!;
            Assert.Equal(
                verdict,
                (
                    await page.Text($"document.querySelector('[data-property=\"{name}\"] .verdict').textContent")
                ).ToLowerInvariant()
            );
        }

        // The race: every move once, each with what it changed.
        var race = check
            .GetProperty("properties")
            .EnumerateArray()
            .First(static p => p.TryGetProperty("race", out _))
            .GetProperty("race");
        var moves = race.GetProperty("moves").GetArrayLength();
        Assert.Equal(moves, await page.Number("lazykick.race.facts.moves.length"));
        Assert.Equal(moves, await page.Number("lazykick.race.at"));
        await page.Press("Home");
        Assert.Equal(0, await page.Number("lazykick.race.at"));
        await page.Press("ArrowDown");
        var first = await page.Number("lazykick.race.at");
        Assert.True(first >= 1);
        await page.Press("ArrowDown");
        Assert.True(await page.Number("lazykick.race.at") > first);
        await page.Press("ArrowUp");
        Assert.Equal(first, await page.Number("lazykick.race.at"));
        await page.Press("End");
        var values = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var move in race.GetProperty("moves").EnumerateArray())
        {
            foreach (var change in move.GetProperty("changes").EnumerateObject())
                values[change.Name] = change.Value[1].GetInt32();
        }

        foreach (var (name, value) in values)
            Assert.Equal(value, await page.Number($"lazykick.race.facts.states.at(-1).get('{name}')"));
        Assert.Equal(
            check.GetProperty("positions").EnumerateArray().Count(static p => p.GetProperty("visited").GetBoolean()),
            await page.Number("document.querySelectorAll('.pair > div:first-child .cells i').length")
        );
        Assert.Equal(
            check
                .GetProperty("positions")
                .EnumerateArray()
                .Count(static p => p.GetProperty("visited").GetBoolean() && p.GetProperty("mayRunStale").GetBoolean()),
            await page.Number("document.querySelectorAll('.pair > div:first-child .cells i.stale').length")
        );
        await page.IsSound();
        await page.Value("setTheme('light'), scrollTo(0, 0), 1");
        Pictures.Check("check", await page.Picture(1500, 1500));
    }

    [Fact]
    public async Task The_access_in_flight_to_the_end_is_a_bar_that_does_not_end()
    {
        var (html, _) = Make("v2");
        await using var page = await browser.Open(html);
        // The target's write of the count of RCU, which the race turns on.
        Assert.Equal(
            "rmw watching := 1 full",
            await page.Text(
                "lazykick.race.facts.flights.filter((f) => f.to === null).map((f) => "
                    + "lazykick.race.facts.moves[f.from].step).join()"
            )
        );
        Assert.Equal(1, await page.Number("document.querySelectorAll('.flight.open').length"));
    }

    [Fact]
    public async Task The_columns_for_a_mail_are_those_that_check_prints()
    {
        var (html, _) = Make("v2");
        await using var page = await browser.Open(html);
        var text = await page.Text("document.querySelector('pre.mail').textContent");
        Assert.Contains(text.TrimEnd('\n'), LazykickProcess.Run("check", "v2").Output, StringComparison.Ordinal);
        Assert.All(text.Split('\n'), static line => Assert.True(line.Length <= 72));
    }

    [Fact]
    public async Task A_kick_that_cannot_return_shows_where_each_CPU_stands()
    {
        var (html, check) = Make("field/twizzler-spin");
        await using var page = await browser.Open(html);
        Assert.Equal(2, await page.Number("document.querySelectorAll('svg.race .move[data-ends]').length"));
        Assert.Equal(
            "CPU0 waits for CPU1 waits for CPU0",
            await page.Text("document.querySelector('#waits h3').textContent")
        );
        // The edges are what the check found, and not what the page makes of the moves.
        var stuck = check
            .GetProperty("properties")
            .EnumerateArray()
            .Single(static property => property.GetProperty("name").GetString() == "S8")
            .GetProperty("race")
            .GetProperty("stuck")
            .EnumerateArray()
            .ToList();
        var waits = stuck.SelectMany(static at => at.GetProperty("waitsFor").EnumerateArray()).ToList();
        var edges = await page.Text("[...document.querySelectorAll('#waits .edge')].map((e) => "
            + "e.textContent).join('\\n')");
        Assert.NotEmpty(waits);
        Assert.All(
            waits,
            wait => Assert.Contains(wait.GetProperty("variable").GetString()!, edges, StringComparison.Ordinal)
        );
        Assert.Equal(stuck.Count, await page.Number("document.querySelectorAll('#waits li:not(.edge)').length"));
        await page.IsSound();
    }

    [Fact]
    public async Task Races_of_another_kind_are_on_the_page()
    {
        var (html, check) = Make("v2", "--another");
        var other = Assert.Single(check.GetProperty("others").EnumerateArray());
        var name = other.GetProperty("name").GetString() + " another 1";
        await using var page = await browser.Open(html);
        await page.Text($"(lazykick.choose('{name}'), '')");
        Assert.StartsWith(
            $"{other.GetProperty("name").GetString()} of another kind in {other.GetProperty("length").GetInt32()} "
                + "moves",
            await page.Text("document.querySelector('#race h2').textContent"),
            StringComparison.Ordinal
        );
        Assert.Equal(
            other.GetProperty("race").GetProperty("moves").GetArrayLength(),
            await page.Number("lazykick.race.facts.moves.length")
        );
        await page.IsSound();
    }

    [Fact]
    public void Against_without_a_page_is_refused()
    {
        var run = LazykickProcess.Run("check", "v2", "--against", "dsb=on");
        Assert.Equal(2, run.Status);
        Assert.Contains("add --html FILE", run.Errors, StringComparison.Ordinal);
    }

    private (string Html, JsonElement Check) Make(params string[] arguments)
    {
        Assert.SkipWhen(browser.Missing is not null, browser.Missing ?? "");
        var html = Path.Combine(Directory.CreateTempSubdirectory("lazykick-page").FullName, "check.html");
        var run = LazykickProcess.Run(["check", .. arguments, "--html", html, "--json"]);
        Assert.Equal(1, run.Status);
        return (html, JsonDocument.Parse(run.Output).RootElement.GetProperty("checks")[0]);
    }
}
