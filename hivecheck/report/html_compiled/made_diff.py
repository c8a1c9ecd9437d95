"""Made from templates/diff.html: do not edit."""
# ruff: noqa
# mypy: ignore-errors

from hivecheck.report.html_compiled.runtime import Macro, Markup, Undefined, environment, escape, markup_join, missing
name = 'diff.html'

def root(context, missing=missing):
    resolve = context.resolve_or_missing
    undefined = environment.undefined
    concat = environment.concat
    cond_expr_undefined = Undefined
    if 0: yield None
    l_0_title = resolve('title')
    l_0_style = resolve('style')
    l_0_style_hash = resolve('style_hash')
    l_0_version = resolve('version')
    l_0_windows = resolve('windows')
    l_0_tally = resolve('tally')
    l_0_verdict = resolve('verdict')
    l_0_caveats = resolve('caveats')
    l_0_case = resolve('case')
    l_0_sections = resolve('sections')
    l_0_sides = resolve('sides')
    l_0_rules = resolve('rules')
    l_0_generated = resolve('generated')
    l_0_command = resolve('command')
    l_0_foot = l_0_head = l_0_say = l_0_table = missing
    pass
    included_template = environment.get_template('frame.html', 'diff.html')._get_default_module(context)
    l_0_foot = getattr(included_template, 'foot', missing)
    if l_0_foot is missing:
        l_0_foot = undefined(f"the template {included_template.__name__!r} (imported on line 2 in 'diff.html') does not export the requested name 'foot'", name='foot')
    l_0_head = getattr(included_template, 'head', missing)
    if l_0_head is missing:
        l_0_head = undefined(f"the template {included_template.__name__!r} (imported on line 2 in 'diff.html') does not export the requested name 'head'", name='head')
    context.vars.update({'foot': l_0_foot, 'head': l_0_head})
    context.exported_vars.difference_update(('foot', 'head'))
    included_template = environment.get_template('parts.html', 'diff.html')._get_default_module(context)
    l_0_say = getattr(included_template, 'say', missing)
    if l_0_say is missing:
        l_0_say = undefined(f"the template {included_template.__name__!r} (imported on line 3 in 'diff.html') does not export the requested name 'say'", name='say')
    l_0_table = getattr(included_template, 'table', missing)
    if l_0_table is missing:
        l_0_table = undefined(f"the template {included_template.__name__!r} (imported on line 3 in 'diff.html') does not export the requested name 'table'", name='table')
    context.vars.update({'say': l_0_say, 'table': l_0_table})
    context.exported_vars.difference_update(('say', 'table'))
    yield escape(context.call((undefined(name='head') if l_0_head is missing else l_0_head), (undefined(name='title') if l_0_title is missing else l_0_title), (undefined(name='style') if l_0_style is missing else l_0_style), (undefined(name='style_hash') if l_0_style_hash is missing else l_0_style_hash), (undefined(name='version') if l_0_version is missing else l_0_version), 'diff'))
    yield '\n<header class="cover">\n<div class="inside">\n<p class="brand">hivecheck <span>before and after</span></p>\n<h1>'
    yield escape((undefined(name='title') if l_0_title is missing else l_0_title))
    yield '</h1>\n'
    for l_1_sentence in (undefined(name='windows') if l_0_windows is missing else l_0_windows):
        _loop_vars = {}
        pass
        yield '<p class="windows">'
        yield escape(l_1_sentence)
        yield '</p>\n'
    l_1_sentence = missing
    yield '<p class="tally">'
    yield escape(context.call((undefined(name='say') if l_0_say is missing else l_0_say), (undefined(name='tally') if l_0_tally is missing else l_0_tally)))
    yield '</p>\n<p>'
    yield escape((undefined(name='verdict') if l_0_verdict is missing else l_0_verdict))
    yield '</p>\n'
    for l_1_sentence in (undefined(name='caveats') if l_0_caveats is missing else l_0_caveats):
        _loop_vars = {}
        pass
        yield '<p class="caveat">'
        yield escape(l_1_sentence)
        yield '</p>\n'
    l_1_sentence = missing
    if (undefined(name='case') if l_0_case is missing else l_0_case):
        pass
        yield '<dl class="glance">\n'
        for (l_1_label, l_1_said) in (undefined(name='case') if l_0_case is missing else l_0_case):
            _loop_vars = {}
            pass
            yield '<div><dt>'
            yield escape(l_1_label)
            yield '</dt><dd>'
            yield escape(l_1_said)
            yield '</dd></div>\n'
        l_1_label = l_1_said = missing
        yield '</dl>\n'
    yield '</div>\n</header>\n<main>\n<nav aria-label="Parts of this page"><ul>'
    for (l_1_id, l_1_name, l_1__) in (undefined(name='sections') if l_0_sections is missing else l_0_sections):
        _loop_vars = {}
        pass
        yield '<li><a href="#'
        yield escape(l_1_id)
        yield '">'
        yield escape(l_1_name)
        yield '</a></li>'
    l_1_id = l_1_name = l_1__ = missing
    yield '</ul></nav>\n'
    yield escape(context.call((undefined(name='table') if l_0_table is missing else l_0_table), (undefined(name='sides') if l_0_sides is missing else l_0_sides)))
    yield '\n'
    for (l_1_id, l_1_name, l_1_blocks) in (undefined(name='sections') if l_0_sections is missing else l_0_sections):
        _loop_vars = {}
        pass
        yield '<section id="'
        yield escape(l_1_id)
        yield '">\n<h2>'
        yield escape(l_1_name)
        yield '</h2>\n'
        for (l_2_kind, l_2_it) in l_1_blocks:
            _loop_vars = {}
            pass
            if (l_2_kind == 'table'):
                pass
                yield escape(context.call((undefined(name='table') if l_0_table is missing else l_0_table), l_2_it, _loop_vars=_loop_vars))
                yield '\n'
            else:
                pass
                yield escape(context.call((undefined(name='say') if l_0_say is missing else l_0_say), l_2_it, _loop_vars=_loop_vars))
                yield '\n'
        l_2_kind = l_2_it = missing
        yield '</section>\n'
    l_1_id = l_1_name = l_1_blocks = missing
    yield '</main>\n'
    yield escape(context.call((undefined(name='foot') if l_0_foot is missing else l_0_foot), (undefined(name='version') if l_0_version is missing else l_0_version), (undefined(name='rules') if l_0_rules is missing else l_0_rules), (undefined(name='generated') if l_0_generated is missing else l_0_generated), (undefined(name='command') if l_0_command is missing else l_0_command)))

blocks = {}
debug_info = '2=26&3=35&4=44&8=46&9=48&10=52&12=56&13=58&14=60&15=64&17=67&19=70&20=74&27=81&28=91&29=93&30=97&31=99&32=101&33=104&34=106&36=110&42=116'
