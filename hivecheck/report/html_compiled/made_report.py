"""Made from templates/report.html: do not edit."""
# ruff: noqa
# mypy: ignore-errors

from hivecheck.report.html_compiled.runtime import Macro, Markup, Undefined, environment, escape, markup_join, missing
name = 'report.html'

def root(context, missing=missing):
    resolve = context.resolve_or_missing
    undefined = environment.undefined
    concat = environment.concat
    cond_expr_undefined = Undefined
    if 0: yield None
    l_0_style_hash = resolve('style_hash')
    l_0_script_hash = resolve('script_hash')
    l_0_version = resolve('version')
    l_0_name = resolve('name')
    l_0_style = resolve('style')
    l_0_set_bits = resolve('set_bits')
    l_0_verdict = resolve('verdict')
    l_0_glance = resolve('glance')
    l_0_sections = resolve('sections')
    l_0_generated = resolve('generated')
    l_0_script = resolve('script')
    l_0_boot = l_0_stories = l_0_table = l_0_pictures = missing
    pass
    included_template = environment.get_template('parts.html', 'report.html')._get_default_module(context)
    l_0_boot = getattr(included_template, 'boot', missing)
    if l_0_boot is missing:
        l_0_boot = undefined(f"the template {included_template.__name__!r} (imported on line 2 in 'report.html') does not export the requested name 'boot'", name='boot')
    l_0_stories = getattr(included_template, 'stories', missing)
    if l_0_stories is missing:
        l_0_stories = undefined(f"the template {included_template.__name__!r} (imported on line 2 in 'report.html') does not export the requested name 'stories'", name='stories')
    l_0_table = getattr(included_template, 'table', missing)
    if l_0_table is missing:
        l_0_table = undefined(f"the template {included_template.__name__!r} (imported on line 2 in 'report.html') does not export the requested name 'table'", name='table')
    context.vars.update({'boot': l_0_boot, 'stories': l_0_stories, 'table': l_0_table})
    context.exported_vars.difference_update(('boot', 'stories', 'table'))
    included_template = environment.get_template('pictures.html', 'report.html')._get_default_module(context)
    l_0_pictures = getattr(included_template, 'pictures', missing)
    if l_0_pictures is missing:
        l_0_pictures = undefined(f"the template {included_template.__name__!r} (imported on line 3 in 'report.html') does not export the requested name 'pictures'", name='pictures')
    context.vars['pictures'] = l_0_pictures
    context.exported_vars.discard('pictures')
    yield '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; style-src \''
    yield escape((undefined(name='style_hash') if l_0_style_hash is missing else l_0_style_hash))
    yield "'; script-src '"
    yield escape((undefined(name='script_hash') if l_0_script_hash is missing else l_0_script_hash))
    yield '\'; img-src data:; base-uri \'none\'; form-action \'none\'">\n<meta name="viewport" content="width=device-width, initial-scale=1">\n<meta name="color-scheme" content="light dark">\n<meta name="referrer" content="no-referrer">\n<meta name="generator" content="hivecheck '
    yield escape((undefined(name='version') if l_0_version is missing else l_0_version))
    yield '">\n<title>The next boot of '
    yield escape((undefined(name='name') if l_0_name is missing else l_0_name))
    yield ' - hivecheck</title>\n<style>'
    yield escape((undefined(name='style') if l_0_style is missing else l_0_style))
    yield '</style>\n</head>\n<body>\n<a class="skip" href="#report">Skip to the report</a>\n<header class="cover">\n<div class="inside">\n<p class="brand">hivecheck <span>next-boot report</span></p>\n<h1>The next boot of '
    yield escape((undefined(name='name') if l_0_name is missing else l_0_name))
    yield '</h1>\n<p class="tally"><b>Found</b> '
    yield escape(context.call((undefined(name='set_bits') if l_0_set_bits is missing else l_0_set_bits), (undefined(name='verdict') if l_0_verdict is missing else l_0_verdict)))
    yield '</p>\n<dl class="glance">\n'
    for (l_1_label, l_1_bits) in (undefined(name='glance') if l_0_glance is missing else l_0_glance):
        _loop_vars = {}
        pass
        yield '<div><dt>'
        yield escape(l_1_label)
        yield '</dt><dd>'
        yield escape(context.call((undefined(name='set_bits') if l_0_set_bits is missing else l_0_set_bits), l_1_bits, _loop_vars=_loop_vars))
        yield '</dd></div>\n'
    l_1_label = l_1_bits = missing
    yield '</dl>\n</div>\n</header>\n<div id="controls" hidden></div>\n<div class="page">\n<nav aria-label="Contents">\n<ol>\n'
    for (l_1_id, l_1_title, l_1__) in (undefined(name='sections') if l_0_sections is missing else l_0_sections):
        _loop_vars = {}
        pass
        yield '<li><a href="#'
        yield escape(l_1_id)
        yield '">'
        yield escape(l_1_title)
        yield '</a></li>\n'
    l_1_id = l_1_title = l_1__ = missing
    yield '</ol>\n</nav>\n<main id="report">\n'
    for (l_1_id, l_1_title, l_1_all) in (undefined(name='sections') if l_0_sections is missing else l_0_sections):
        _loop_vars = {}
        pass
        yield '<section id="'
        yield escape(l_1_id)
        yield '" aria-labelledby="'
        yield escape(l_1_id)
        yield '-title">\n<h2 id="'
        yield escape(l_1_id)
        yield '-title">'
        yield escape(l_1_title)
        yield '</h2>\n'
        for (l_2_kind, l_2_it) in l_1_all:
            _loop_vars = {}
            pass
            if (l_2_kind == 'bits'):
                pass
                yield escape(context.call((undefined(name='set_bits') if l_0_set_bits is missing else l_0_set_bits), l_2_it, _loop_vars=_loop_vars))
                yield '\n'
            elif (l_2_kind == 'table'):
                pass
                yield escape(context.call((undefined(name='table') if l_0_table is missing else l_0_table), l_2_it, _loop_vars=_loop_vars))
                yield '\n'
            elif (l_2_kind == 'fold'):
                pass
                yield '<details class="block"><summary>'
                yield escape(environment.getattr(l_2_it, 'caption'))
                yield '</summary>\n'
                yield escape(context.call((undefined(name='table') if l_0_table is missing else l_0_table), l_2_it, _loop_vars=_loop_vars))
                yield '</details>\n'
            elif (l_2_kind == 'pictures'):
                pass
                yield escape(context.call((undefined(name='pictures') if l_0_pictures is missing else l_0_pictures), l_2_it, _loop_vars=_loop_vars))
                yield '\n'
            elif (l_2_kind == 'stories'):
                pass
                yield escape(context.call((undefined(name='stories') if l_0_stories is missing else l_0_stories), l_2_it, _loop_vars=_loop_vars))
                yield '\n'
            elif (l_2_kind == 'mild'):
                pass
                yield '<details class="block mild"><summary>'
                yield escape(environment.getitem(l_2_it, 0))
                yield '</summary>\n'
                yield escape(context.call((undefined(name='stories') if l_0_stories is missing else l_0_stories), environment.getitem(l_2_it, 1), _loop_vars=_loop_vars))
                yield '</details>\n'
            else:
                pass
                yield escape(context.call((undefined(name='boot') if l_0_boot is missing else l_0_boot), l_2_it, _loop_vars=_loop_vars))
                yield '\n'
        l_2_kind = l_2_it = missing
        yield '</section>\n'
    l_1_id = l_1_title = l_1_all = missing
    yield '</main>\n</div>\n<footer>\n<p>Made by hivecheck '
    yield escape((undefined(name='version') if l_0_version is missing else l_0_version))
    yield ' at <time>'
    yield escape((undefined(name='generated') if l_0_generated is missing else l_0_generated))
    yield '</time> (UTC). This page needs no network. Its one script searches, filters, sorts, folds and copies what stands here; without it, all is there to read.</p>\n</footer>\n<script>'
    yield escape((undefined(name='script') if l_0_script is missing else l_0_script))
    yield '</script>\n</body>\n</html>'

blocks = {}
debug_info = '2=23&3=35&8=42&12=46&13=48&14=50&21=52&22=54&24=56&25=60&34=66&35=70&40=76&41=80&42=84&43=88&44=91&45=93&46=95&47=97&48=99&49=102&50=104&51=106&52=108&53=110&54=112&55=114&56=117&57=119&59=123&67=129&69=133'
